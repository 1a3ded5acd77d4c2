package org.bandpass.selector.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanFileTest {

    @TempDir
    private Path folder;

    private PlanDraft read(String text) {
        try {
            return PlanFile.read(Files.writeString(folder.resolve("plan.yaml"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readsAllFields() {
        PlanDraft draft = read("""
            name: middle-and-tail
            bands:
              - {name: middle, from: 0.3, to: 0.6}
              - {name: tail, from: 0.5, to: 1}      # bands may overlap
              - low
            rate: 0.25
            stratification: domain
            cutMode: frozen
            cutsVersion: 3
            modelRevision: 0123456789abcdef
            allowPartial: true
            mixRevisions: true
            origin: a trial
            """);

        assertThat(draft)
                .isEqualTo(new PlanDraft(
                        PlanDraft.frozen(
                                        "middle-and-tail",
                                        List.of(
                                                new Band("middle", 0.3, 0.6),
                                                new Band("tail", 0.5, 1.0),
                                                new Band("low", 0.0, 0.25)))
                                .setStratification("domain")
                                .setWarmUp(10_000)
                                .setOrigin("a trial")
                                .build(),
                        "0123456789abcdef",
                        3,
                        true,
                        true));
    }

    @Test
    void readsALivePlanInJson() {
        PlanDraft draft = read("{\"name\": \"now\", \"bands\": [\"high\"], \"cutMode\": \"live\", \"warmUp\": 500}");

        assertThat(draft)
                .isEqualTo(new PlanDraft(
                        PlanDraft.frozen("now", List.of(PlanBands.named("high", 0.5)))
                                .setCutMode(CutMode.LIVE)
                                .setWarmUp(500)
                                .build(),
                        null,
                        null,
                        false,
                        false));
    }

    @Test
    void readsJsonThatIsIndentedByTabsAndMarked() {
        PlanDraft draft = read("\uFEFF{\n"
                + "\t\"name\": \"x\",\n"
                + "\t\"bands\": [\n"
                + "\t\t{\"name\": \"a\", \"from\": 0.2, \"to\": 0.4}\n"
                + "\t]\n"
                + "}\n");

        assertThat(draft.plan().getBands()).containsExactly(new Band("a", 0.2, 0.4));
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        assertThatThrownBy(() -> read("#".repeat((1 << 20) + 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("larger than 1 MiB");
    }

    /** Text, line of the error, value that the error names. */
    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                Arguments.of("name: p\nbands: [high]\ncolour: red\n", 3, "'colour'"),
                Arguments.of("name: p\nbands: [high]\nname: q\n", 3, "'name'"),
                Arguments.of("bands: [high]\n", 1, "'name'"),
                Arguments.of("name: p\n", 1, "'bands'"),
                Arguments.of("name: p\nbands: high\n", 2, "'bands'"),
                Arguments.of("name: p\nbands: []\n", 2, "'bands'"),
                Arguments.of("name: p\nbands:\n  - low\n  - upper\n", 4, "'upper'"),
                Arguments.of("name: p\nbands:\n  - low\n  - low\n", 4, "'low'"),
                Arguments.of("name: p\nbands:\n  - {name: a, from: 0.6, to: 0.3}\n", 3, "0.6"),
                Arguments.of("name: p\nbands:\n  - {name: a, from: 0, to: 1.5}\n", 3, "1.5"),
                Arguments.of("name: p\nbands:\n  - name: a\n    from: x\n    to: 1\n", 4, "'x'"),
                Arguments.of("name: p\nbands:\n  - name: a\n    from: .nan\n    to: 1\n", 4, "'.nan'"),
                Arguments.of("name: p\nbands:\n  - name: a\n    from: 0\n", 3, "'to'"),
                Arguments.of("name: p\nbands:\n  - {name: a.b, from: 0, to: 1}\n", 3, "'a.b'"),
                Arguments.of("name: p\nbands:\n  - {name: a, from: 0, to: 1, rate: 1}\n", 3, "'rate'"),
                Arguments.of("name: p\nbands: [high]\nrate: 1.5\n", 3, "1.5"),
                Arguments.of("name: p\nbands: [high]\nrate: half\n", 3, "'half'"),
                Arguments.of("name: p\nbands: [high]\nstratification: colour\n", 3, "'colour'"),
                Arguments.of("name: p\nbands: [high]\ncutMode: thawed\n", 3, "'thawed'"),
                Arguments.of("name: p\nbands: [high]\nwarmUp: 1e3\ncutMode: live\n", 3, "'1e3'"),
                Arguments.of("name: p\nbands: [high]\nwarmUp: 0\ncutMode: live\n", 3, "0"),
                Arguments.of("name: p\nbands: [high]\ncutsVersion: 0\n", 3, "0"),
                Arguments.of("name: p\nbands: [high]\ncutsVersion: 99999999999\n", 3, "99999999999"),
                Arguments.of("name: p\nbands: [high]\nwarmUp: 500\n", 3, "cutMode: live"),
                Arguments.of("name: p\nbands: [high]\ncutMode: live\ncutsVersion: 2\n", 4, "cutMode: frozen"),
                Arguments.of("name: p\nbands: [high]\ncutMode: live\nallowPartial: true\n", 4, "allowPartial"),
                Arguments.of("name: p\nbands: [{name: a, from: 0, to: 1}]\nrate: 0.3\n", 3, "rate"),
                Arguments.of("name: p\nbands: [high]\nallowPartial: perhaps\n", 3, "'perhaps'"),
                Arguments.of("name: p.q\nbands: [high]\n", 1, "'p.q'"),
                Arguments.of("name: low-25\nbands: [high]\n", 1, "'low-25'"),
                Arguments.of("name: [p]\nbands: [high]\n", 1, "one value"),
                Arguments.of("- high\n", 1, "fields"),
                Arguments.of("name: p\nbands: [high\n", 3, "expected"));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void namesTheLineAndTheInvalidValue(String text, int line, String value) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plan.yaml line " + line + ":")
                .hasMessageContaining(value);
    }

    @Test
    void refusesAnEmptyAndAMissingFile() {
        assertThatThrownBy(() -> read("# nothing\n")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> PlanFile.read(folder.resolve("absent.yaml")))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("absent.yaml");
    }
}
