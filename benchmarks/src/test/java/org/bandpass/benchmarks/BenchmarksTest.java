package org.bandpass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class BenchmarksTest {

    @Command(name = "example")
    static final class ExampleBenchmark implements Runnable {
        @Mixin
        private FiguresReport report = new FiguresReport();

        @Override
        public void run() {
            report.print(List.of(
                    Figure.atLeast("share", 0.9, "ratio", 0.75),
                    Figure.atMost("error", 0.3, "rank", 0.2),
                    Figure.unknown("to-python", "ratio")));
        }
    }

    @Test
    void everyBenchmarkHasHelp() {
        CommandLine line = new CommandLine(new Benchmarks());
        assertThat(line.getSubcommands())
                .containsKeys("model", "trainer", "digest", "selector", "scorer", "ingest", "pages", "eval");
        assertThat(line.execute("--help")).isZero();
        line.getSubcommands()
                .values()
                .forEach(benchmark -> assertThat(benchmark.getUsageMessage()).contains("--json"));
    }

    @Test
    void printsOneObjectAndSaysWhichAimsAreMet() {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new ExampleBenchmark()).setOut(new PrintWriter(out));

        assertThat(line.execute("--json")).isZero();

        assertThat(out.toString())
                .startsWith("{\"benchmark\":\"example\",\"environment\":{")
                .contains("{\"name\":\"share\",\"value\":0.9,\"unit\":\"ratio\",\"aim\":0.75,\"met\":true}")
                .contains("\"aim\":0.2,\"met\":false}")
                .contains("{\"name\":\"to-python\",\"value\":null,\"unit\":\"ratio\",\"aim\":null,\"met\":null}")
                .endsWith("}\n");
    }
}
