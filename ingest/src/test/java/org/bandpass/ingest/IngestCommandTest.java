package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.Rejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes with their messages, and meters. */
class IngestCommandTest {

    @TempDir
    private Path folder;

    @Test
    void refusesUsesThatMakeNoSense() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("--json"),
                List.of("--nonsense", "a.jsonl"),
                List.of("--seed", "some", "a.jsonl"),
                List.of("--dry-run", ""),
                List.of("--dry-run", "a.jsonl", ""),
                List.of("--follow", ""),
                List.of("--dry-run", "--list", ""),
                List.of("--dry-run", "--list", "list", "--base", ""),
                List.of("--name", "a/b", "a.jsonl"),
                List.of("--name", "", "a.jsonl"))) {
            assertThat(CommandRun.by(arguments).code()).as("%s", arguments).isEqualTo(2);
        }
    }

    @Test
    void tellsSettingsThatCannotBeFromFailures() throws Exception {
        String file = SampleFiles.write(folder.resolve("a.jsonl"), "").toString();
        assertThat(CommandRun.by(List.of("--set", "ingest.batch.records=0", file))
                        .thrown())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ingest.batch.records");
        assertThat(CommandRun.by(List.of("--tokenizer", "t", file)).thrown())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("say --unit sequence too");
        assertThat(CommandRun.by(List.of("--unit", "sequences", file)).thrown())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'document' or 'sequence', not 'sequences'");
        assertThat(CommandRun.by(List.of(
                                "--dry-run", folder.resolve("missing.jsonl").toString()))
                        .thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("missing.jsonl: no such file");
        int free;
        try (ServerSocket probe = new ServerSocket(0)) {
            free = probe.getLocalPort();
        }
        CommandRun run = CommandRun.by(List.of(
                "--bootstrap-servers",
                "localhost:" + free,
                "--set",
                "kafka.default.api.timeout.ms=300",
                "--set",
                "kafka.request.timeout.ms=200",
                file));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no Kafka broker answers at localhost:" + free);
    }

    @Test
    void metersWhatBecomesOfRecordsAndFiles() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        StringWriter talk = new StringWriter();
        LocalFile file = LocalFile.of(SampleFiles.write(folder.resolve("a.jsonl"), "x"));
        try (Progress progress = Progress.start("test", "bytes", 1)) {
            IngestOutput output = new IngestOutput(new PrintWriter(talk), progress, new IngestMeters(registry));
            output.admitted(new Admitted("id", SplitPart.FINAL, new byte[9], "d", null, 5));
            output.refused(file, 3, new Refused(Rejection.DUPLICATE, "again"));
            output.refused(file, 3, new Refused(Rejection.BROKEN_OFF, "cut"));
            output.skipped();
            output.packed(2, 7);
            output.packed(1, -3);
            output.committed(Duration.ofMillis(20));

            assertThat(output.broken()).isEqualTo(1);
        }
        assertThat(registry.get("bandpass.ingest.documents")
                        .tag("split", "final")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("bandpass.ingest.documents")
                        .tag("split", "held-out")
                        .counter()
                        .count())
                .isZero();
        assertThat(registry.get("bandpass.ingest.text").counter().count()).isEqualTo(5);
        assertThat(registry.get("bandpass.ingest.rejected")
                        .tag("reason", "duplicate")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("bandpass.ingest.files")
                        .tag("outcome", "refused")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("bandpass.ingest.files")
                        .tag("outcome", "skipped")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("bandpass.ingest.transaction.duration").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
        assertThat(registry.get("bandpass.ingest.sequences").counter().count()).isEqualTo(3);
        assertThat(registry.get("bandpass.ingest.packer.waiting").gauge().value())
                .isEqualTo(4);
        assertThat(talk.toString()).contains("a.jsonl is refused from record 3 on, broken-off: cut");
    }
}
