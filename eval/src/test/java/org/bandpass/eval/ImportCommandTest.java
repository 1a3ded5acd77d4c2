package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.schemas.RunState.FINISHED;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImportCommandTest {

    @Test
    void writesTheScoresOfARunAndReplacesThemTheNextTime(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                EvalCluster cluster = new EvalCluster(broker)) {
            cluster.train("control", FINISHED, folder.toString(), "a");
            for (String accuracy : List.of("0.5", "0.25")) {
                Files.writeString(
                        file,
                        "{\"results\":{\"piqa\":{\"acc,none\":" + accuracy + ",\"acc_stderr,none\":0.01}},"
                                + "\"n-shot\":{\"piqa\":0},\"n-samples\":{\"piqa\":{\"effective\":1838}}}");

                assertThat(run(cluster, file, "control")).isNull();
            }

            assertThat(cluster.evaluations()).hasSize(1);
            EvaluationResult result = cluster.evaluations().values().iterator().next();
            assertThat(result.getProfile()).isEqualTo("lm-eval");
            assertThat(result.getModelRevision()).isEqualTo("a");
            assertThat(result.getTask()).isEqualTo("piqa/0-shot");
            assertThat(result.getTaskRows()).isEqualTo(1838);
            assertThat(result.getRows()).isEmpty();
            assertThat(result.getScores().get(0).getValue()).isEqualTo(0.25);
            assertThat(cluster.summary().run("control").tasks()).isEmpty();
            assertThat(run(cluster, file, "contrl"))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("there is no run contrl in")
                    .hasMessageContaining("there are control");
        }
    }

    private static Exception run(EvalCluster cluster, Path file, String run) {
        Exception[] thrown = {null};
        List<String> arguments = new ArrayList<>(List.of("import", file.toString(), "--run", run));
        arguments.addAll(cluster.arguments());
        CommandLine line = new CommandLine(new EvalCommand());
        line.setOut(new PrintWriter(new StringWriter()));
        line.setExecutionExceptionHandler((exception, command, result) -> {
            thrown[0] = exception;
            return 1;
        });
        assertThat(line.execute(arguments.toArray(String[]::new))).isEqualTo(thrown[0] == null ? 0 : 1);
        return thrown[0];
    }
}
