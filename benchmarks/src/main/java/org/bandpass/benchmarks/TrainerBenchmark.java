package org.bandpass.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.Optimizer;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.languagemodel.TrainingSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much of the machine training uses, and how it compares with a plain PyTorch loop on the same folder. */
@Command(
        name = "trainer",
        description = "Training: share of the fp32 matrix product's rate, and tokens/s against a plain PyTorch loop.")
final class TrainerBenchmark implements Callable<Integer> {

    private static final int ROUNDS = 3;
    private static final double SHARE_AIM = 0.45;
    private static final double FP32_RATIO_AIM = 1.2;
    private static final double BF16_RATIO_AIM = 1.0;
    /** Forward once, backward twice. */
    private static final int PASSES = 3;

    @Option(names = "--python", paramLabel = "PATH", description = "A Python with torch and transformers.")
    private @Nullable String python;

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (String dtype : List.of("fp32", "bf16")) {
            for (String family : List.of("mpt", "gpt2")) {
                measure(BenchmarkShape.of29m(family), dtype, figures);
            }
        }
        report.print(figures);
        return 0;
    }

    private void measure(BenchmarkShape shape, String dtype, List<Figure> figures) throws IOException {
        int[][] batch = shape.batch();
        TrainingRecipe recipe = new TrainingRecipe(
                Optimizer.ADAMW,
                1e-4,
                1e-6,
                0.9,
                0.95,
                1,
                0,
                1,
                1000,
                shape.rows(),
                shape.rows(),
                shape.tokens(),
                dtype);
        try (ScratchFolder folder = new ScratchFolder()) {
            ModelConfig config = shape.write(folder.path());
            try (TrainingSession session = TrainingSession.start(config, recipe, 1, "cpu");
                    Contest contest = new Contest(python, "train", folder.path(), dtype, batch)) {
                contest.run(ROUNDS, () -> session.step(batch));
                double flops = (double) PASSES * config.forwardFlops(shape.tokens()) * shape.predicted();
                boolean fp32 = dtype.equals("fp32");
                contest.report(
                        shape.title() + "-" + dtype,
                        shape.predicted(),
                        flops,
                        fp32 ? SHARE_AIM : null,
                        fp32 ? FP32_RATIO_AIM : BF16_RATIO_AIM,
                        figures);
            }
        }
    }
}
