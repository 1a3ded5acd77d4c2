package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bandpass.ingest.IngestSettings.Batch;
import org.bandpass.ingest.IngestSettings.Rules;
import org.bandpass.schemas.Split;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramOptions;
import org.bandpass.sources.FollowTimes;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.page.PagePart;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Each key, its default and the field that it sets. */
class IngestSettingsTest {

    @Test
    void hasTheseKeysAndDefaults() {
        Map<String, Object> defaults = new TreeMap<>();
        IngestCommand.settings().configKeys().values().forEach(key -> defaults.put(key.name, key.defaultValue));

        assertThat(defaults)
                .containsExactly(
                        Map.entry("ingest.batch.bytes", 16L << 20),
                        Map.entry("ingest.batch.ms", 1_000),
                        Map.entry("ingest.batch.records", 5_000),
                        Map.entry("ingest.domain", "unknown"),
                        Map.entry("ingest.duplicates.window", 1_000_000),
                        Map.entry(
                                "ingest.field.date",
                                "/timestamp,/date,/created,/date_download,/metadata/date_download"),
                        Map.entry("ingest.field.domain", "/meta/pile_set_name,/metadata/pile_set_name,/domain,/source"),
                        Map.entry("ingest.field.id", "/id,/doc_id"),
                        Map.entry("ingest.field.language", "/language,/lang,/metadata/language,/meta/language"),
                        Map.entry("ingest.field.text", "/text,/content,/raw_content"),
                        Map.entry("ingest.field.url", "/url,/metadata/url,/meta/url,/id"),
                        Map.entry("ingest.file.max.bytes", 1L << 40),
                        Map.entry("ingest.file.max.ratio", 200),
                        Map.entry("ingest.follow.poll.ms", 1_000),
                        Map.entry("ingest.follow.settle.ms", 5_000),
                        Map.entry("ingest.http.attempts", 6),
                        Map.entry("ingest.http.backoff.ms", 1_000),
                        Map.entry("ingest.http.patience.ms", 43_200_000L),
                        Map.entry("ingest.http.timeout.ms", 60_000),
                        Map.entry("ingest.json.max.depth", 100),
                        Map.entry("ingest.max.characters", 0),
                        Map.entry("ingest.min.characters", 1),
                        Map.entry("ingest.not.text.share", 0.1),
                        Map.entry("ingest.page.bylines", false),
                        Map.entry("ingest.page.captions", false),
                        Map.entry("ingest.page.comments", false),
                        Map.entry("ingest.page.replaced.share", 0.01),
                        Map.entry("ingest.record.max.bytes", 32 << 20),
                        Map.entry("ingest.sequence.max.domains", 256),
                        Map.entry("ingest.sequence.threads", 0),
                        Map.entry("ingest.sequence.tokenizer", ""),
                        Map.entry("ingest.sequence.tokens", 2048),
                        Map.entry("ingest.split.held.out.share", 0.05),
                        Map.entry("ingest.split.reference.share", 0.2),
                        Map.entry("ingest.split.seed", 17L),
                        Map.entry("ingest.unit", "document"));
        assertThat(parse().split()).isEqualTo(new Split(17, 0.05, 0.2));
    }

    @Test
    void takesEachKey() {
        IngestSettings settings = parse(
                "ingest.batch.bytes=1",
                "ingest.batch.ms=2",
                "ingest.batch.records=3",
                "ingest.domain=d",
                "ingest.duplicates.window=4",
                "ingest.field.text= /a/b , /c",
                "ingest.file.max.bytes=5",
                "ingest.file.max.ratio=6",
                "ingest.follow.poll.ms=12",
                "ingest.follow.settle.ms=13",
                "ingest.http.attempts=14",
                "ingest.http.backoff.ms=15",
                "ingest.http.patience.ms=18",
                "ingest.http.timeout.ms=16",
                "ingest.json.max.depth=7",
                "ingest.max.characters=8",
                "ingest.min.characters=9",
                "ingest.not.text.share=0.5",
                "ingest.page.bylines=false",
                "ingest.page.captions=true",
                "ingest.page.comments=true",
                "ingest.page.replaced.share=0.125",
                "ingest.record.max.bytes=2000",
                "ingest.sequence.max.domains=10",
                "ingest.sequence.threads=17",
                "ingest.sequence.tokenizer=t.json",
                "ingest.sequence.tokens=11",
                "ingest.split.held.out.share=0.25",
                "ingest.split.reference.share=0.75",
                "ingest.split.seed=-1",
                "ingest.unit=sequence",
                "topic.prefix=x.",
                "dead.letter.positions=x.documents-1@2",
                "outage.patience.ms=1900",
                "kafka.client.id=me");

        assertThat(settings.batch()).isEqualTo(new Batch(3, 1, 2));
        assertThat(settings.rules()).isEqualTo(new Rules(4, 9, 8, 0.5, "d"));
        assertThat(settings.reading().bounds()).isEqualTo(new Bounds(2000, 5, 6, 7, 0.125));
        assertThat(settings.reading().pageParts()).containsExactly(PagePart.CAPTIONS, PagePart.COMMENTS);
        assertThat(settings.reading().fields())
                .containsEntry(Field.TEXT, List.of(JsonPointer.compile("/a/b"), JsonPointer.compile("/c")));
        assertThat(settings.split()).isEqualTo(new Split(-1, 0.25, 0.75));
        assertThat(settings.sequences()).isEqualTo(new SequenceSettings(11, Path.of("t.json"), 10, 17));
        assertThat(settings.reading().follow()).isEqualTo(new FollowTimes(13, 12));
        assertThat(settings.reading().http()).isEqualTo(new HttpPatience(14, 15, 16, 18));
        assertThat(settings.passing().contains("x.documents", 1, 2)).isTrue();
        assertThat(settings.patience()).isEqualTo(Duration.ofMillis(1900));
        assertThat(settings.topics().documents().name()).isEqualTo("x.documents");
        assertThat(settings.kafka()).containsEntry("client.id", "me");
    }

    @Test
    void refusesWhatCannotBe() {
        for (String wrong : List.of(
                "ingest.batch.ms=0",
                "ingest.duplicates.window=-1",
                "ingest.min.characters=0",
                "ingest.not.text.share=2",
                "ingest.field.text=text",
                "ingest.domain=",
                "ingest.follow.poll.ms=0",
                "ingest.http.attempts=0",
                "ingest.sequence.tokens=1",
                "ingest.sequence.max.domains=0",
                "ingest.unit=paragraph",
                "ingest.split.seed=some",
                "ingest.unknown=1")) {
            assertThatThrownBy(() -> parse(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.substring(0, wrong.indexOf('=')));
        }
        assertThatThrownBy(() -> parse("ingest.unit=sequence"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("needs the tokenizer of the reference model");
        assertThatThrownBy(
                        () -> parse("ingest.unit=sequence", "ingest.sequence.tokenizer=t", "document.max.bytes=30000"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ingest.sequence.tokens is 2048, expected from 2 to 1177");
        assertThatThrownBy(() -> parse("ingest.split.held.out.share=0.9"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("held-out 0.9, reference 0.2");
    }

    @Test
    void letsTheCommandLineWin() {
        assertThat(IngestSettings.of(
                                options("ingest.split.seed=4").settings(IngestCommand.settings()),
                                5L,
                                new SequenceOptions())
                        .split()
                        .seed())
                .isEqualTo(5);
    }

    static IngestSettings parse(String... assignments) {
        return IngestSettings.of(options(assignments).settings(IngestCommand.settings()), null, new SequenceOptions());
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
