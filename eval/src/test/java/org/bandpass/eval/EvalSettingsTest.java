package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramOptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Pins each key with its default and its field. */
class EvalSettingsTest {

    @Test
    void hasTheseKeysAndDefaults() {
        Map<String, Object> defaults = new TreeMap<>();
        EvalSettings.definition().configKeys().values().forEach(key -> defaults.put(key.name, key.defaultValue));

        assertThat(defaults)
                .containsExactly(
                        Map.entry("eval.batch.tokens", 4096),
                        Map.entry("eval.cloze.context.characters", 16),
                        Map.entry("eval.cloze.rows.per.domain", 1500),
                        Map.entry("eval.held.out.bytes", 1048576L),
                        Map.entry("eval.held.out.document.bytes", 32768),
                        Map.entry("eval.held.out.max.windows", 0),
                        Map.entry("eval.rows.per.record", 500));
        EvalSettings settings = parse();
        assertThat(settings.heldOut()).isEqualTo(new EvalSettings.HeldOut(1 << 20, 32 << 10, 0));
        assertThat(settings.cloze()).isEqualTo(new EvalSettings.Cloze(16, 1500));
    }

    @Test
    void takesEachKey() {
        EvalSettings settings = parse(
                "eval.batch.tokens=1",
                "eval.cloze.context.characters=2",
                "eval.cloze.rows.per.domain=4",
                "eval.held.out.bytes=5",
                "eval.held.out.document.bytes=6",
                "eval.held.out.max.windows=7",
                "eval.rows.per.record=8",
                "topic.prefix=x.",
                "kafka.client.id=me");

        assertThat(settings.batchTokens()).isEqualTo(1);
        assertThat(settings.cloze()).isEqualTo(new EvalSettings.Cloze(2, 4));
        assertThat(settings.heldOut()).isEqualTo(new EvalSettings.HeldOut(5, 6, 7));
        assertThat(settings.rowsPerRecord()).isEqualTo(8);
        assertThat(settings.topics().evaluations().name()).isEqualTo("x.evaluations");
        assertThat(settings.kafka()).containsEntry("client.id", "me");
    }

    @Test
    void refusesInvalidValues() {
        for (String wrong : List.of(
                "eval.batch.tokens=0",
                "eval.cloze.rows.per.domain=0",
                "eval.cloze.context.characters=many",
                "eval.held.out.bytes=-1",
                "eval.rows.per.record=0",
                "eval.unknown=1")) {
            assertThatThrownBy(() -> parse(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.substring(0, wrong.indexOf('=')));
        }
    }

    @Test
    void prefersTheCommandLine() {
        EvalSettings settings = EvalSettings.of(
                options("eval.cloze.rows.per.domain=4", "eval.held.out.max.windows=7")
                        .settings(EvalSettings.definition()),
                9,
                8);

        assertThat(settings.cloze().rowsPerDomain()).isEqualTo(9);
        assertThat(settings.heldOut().maxWindows()).isEqualTo(8);
    }

    @Test
    void namesEveryBoundInTheVersionsOfTheTasks() {
        EvalSettings usual = parse();
        List<String> versions = new ArrayList<>(List.of(heldOutVersion(usual), clozeVersion(usual)));
        for (String other :
                List.of("eval.held.out.bytes=5", "eval.held.out.document.bytes=6", "eval.held.out.max.windows=7")) {
            versions.add(heldOutVersion(parse(other)));
        }
        for (String other : List.of("eval.cloze.context.characters=2", "eval.cloze.rows.per.domain=4")) {
            versions.add(clozeVersion(parse(other)));
        }

        assertThat(versions).doesNotHaveDuplicates();
    }

    private static String heldOutVersion(EvalSettings settings) {
        return new ScoreHeldOut(settings.heldOut(), 1, new HeldOutSample(settings.heldOut())).version();
    }

    private static String clozeVersion(EvalSettings settings) {
        return new AnswerCloze(settings.cloze(), 1, new ClozeSuite(settings.cloze())).version();
    }

    static EvalSettings parse(String... assignments) {
        return EvalSettings.of(options(assignments).settings(EvalSettings.definition()), null, null);
    }

    private static ProgramOptions options(String... assignments) {
        ProgramOptions options = new ProgramOptions();
        List<String> arguments = new ArrayList<>();
        for (String assignment : assignments) {
            arguments.addAll(List.of("--set", assignment));
        }
        CommandLine.populateCommand(options, arguments.toArray(new String[0]));
        return options;
    }
}
