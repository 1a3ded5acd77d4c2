package org.bandpass.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.languagemodel.ContinuationModel;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.SeparateContinuations;
import org.jspecify.annotations.Nullable;

/** The fast way, the plain way and Python's on the same rows, in turns. */
final class EvalRace implements AutoCloseable {

    private static final int BATCH_TOKENS = 8192;
    /** Mean nats agree to this share; ids may differ where two logits are nearly equal. */
    private static final double SAME = 1e-3;

    private static final double NEARLY_SAME = 0.05;

    /**
     * One turn of each.
     *
     * @param pythonSeconds 0 without Python
     */
    record Turn(double seconds, double plainSeconds, double pythonSeconds) {}

    private record Work(double seconds, double mean) {}

    private final LanguageModel model;
    private final ContinuationModel plain;
    private final @Nullable PythonRival rival;

    /**
     * Loads a model.
     *
     * @param rows a file of {@link EvalRows#write}
     */
    EvalRace(Path folder, Path rows, @Nullable String python) throws IOException {
        rival = python == null
                ? null
                : new PythonRival(python, "rival-eval.py", List.of(folder.toString()), rows.toString());
        model = LanguageModel.load(folder, "cpu", "fp32");
        plain = new SeparateContinuations(model);
    }

    Turn turn(EvalRows rows) throws IOException {
        Work fast = work(model, rows);
        Work slow = work(plain, rows);
        PythonRival.Run python = rival == null ? null : rival.run(rows.kind());
        double tolerance = rows.questions().isEmpty() ? NEARLY_SAME : SAME;
        check(rows, "the plain way", fast.mean(), slow.mean(), rows.questions().isEmpty() ? 0 : SAME);
        if (python != null) {
            check(rows, "Python", fast.mean(), python.mean(), tolerance);
        }
        return new Turn(fast.seconds(), slow.seconds(), python == null ? 0 : python.seconds());
    }

    private static void check(EvalRows rows, String other, double mean, double otherMean, double tolerance) {
        if (!(Math.abs(otherMean / mean - 1) <= tolerance)) {
            throw new IllegalStateException(
                    rows.kind() + ": mean " + mean + " of the fast way, " + otherMean + " of " + other);
        }
    }

    /** Scores or continues; the mean is that of the nats, or of the new ids. */
    private static Work work(ContinuationModel model, EvalRows rows) {
        long start = System.nanoTime();
        List<Double> numbers = new ArrayList<>();
        if (rows.questions().isEmpty()) {
            model.generate(rows.prompts(), rows.newTokens(), BATCH_TOKENS, (prompt, ids) -> false)
                    .forEach(ids -> Arrays.stream(ids).forEach(id -> numbers.add((double) id)));
        } else {
            model.score(rows.questions(), BATCH_TOKENS).stream()
                    .flatMap(List::stream)
                    .forEach(score -> {
                        for (float nats : score.nats()) {
                            numbers.add((double) nats);
                        }
                    });
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Work(
                seconds,
                numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
    }

    @Override
    public void close() throws IOException {
        model.close();
        if (rival != null) {
            rival.close();
        }
    }
}
