package org.bandpass.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.ModelConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much of the machine scoring uses, and how it compares with Python's transformers on the same folder. */
@Command(
        name = "model",
        description = "Scoring: share of the matrix product's rate, and tokens/s against Python's transformers.")
final class ModelBenchmark implements Callable<Integer> {

    private static final int ROUNDS = 3;
    private static final double SHARE_AIM = 0.75;
    private static final double RATIO_AIM = 1.3;

    @Option(names = "--python", paramLabel = "PATH", description = "A Python with torch and transformers.")
    private @Nullable String python;

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (String dtype : List.of("fp32", "bf16")) {
            for (String family : List.of("mpt", "gpt2")) {
                measure(BenchmarkShape.of125m(family), dtype, figures);
                measure(BenchmarkShape.of29m(family), dtype, figures);
            }
        }
        report.print(figures);
        return 0;
    }

    private void measure(BenchmarkShape shape, String dtype, List<Figure> figures) throws IOException {
        int[][] batch = shape.batch();
        try (ScratchFolder folder = new ScratchFolder()) {
            ModelConfig config = shape.write(folder.path());
            try (LanguageModel model = LanguageModel.load(folder.path(), "cpu", dtype);
                    Contest contest = new Contest(python, "score", folder.path(), dtype, batch)) {
                contest.run(ROUNDS, () -> Arrays.stream(model.rowNats(batch)).sum() / shape.predicted());
                double flops = (double) config.forwardFlops(shape.tokens()) * shape.predicted();
                boolean judged = shape.name().equals("125m");
                contest.report(
                        shape.title() + "-" + dtype,
                        shape.predicted(),
                        flops,
                        judged && dtype.equals("fp32") && shape.family().equals("mpt") ? SHARE_AIM : null,
                        judged && shape.family().equals("gpt2") ? RATIO_AIM : null,
                        figures);
            }
        }
    }
}
