package org.bandpass.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.bandpass.languagemodel.MatrixProduct;
import org.jspecify.annotations.Nullable;

/** Work of ours, a matrix product, and Python's same work, in turns, so that drift meets all alike; the best of each counts. */
final class Contest implements AutoCloseable {

    /** Large enough that the rate no longer rises. */
    private static final int[] PRODUCT = {4096, 4096, 4096};
    /** Both compute the same; products in bf16 are rounded differently. */
    private static final double SAME = 0.01;

    private final String dtype;
    private final @Nullable PythonRival rival;
    private double ours = Double.MAX_VALUE;
    private double theirs = Double.MAX_VALUE;
    private double product;

    /** @param mode score or train */
    Contest(@Nullable String python, String mode, Path folder, String dtype, int[][] batch) throws IOException {
        this.dtype = dtype;
        rival = python == null ? null : PythonRival.ofBatch(python, mode, folder, dtype, batch);
    }

    /**
     * Runs all of them that often, after once to warm up.
     *
     * @param work returns the mean nll of the batch
     */
    void run(int rounds, DoubleSupplier work) throws IOException {
        for (int round = 0; round <= rounds; round++) {
            long start = System.nanoTime();
            double meanNll = work.getAsDouble();
            double seconds = (System.nanoTime() - start) / 1e9;
            PythonRival.Run run = rival == null ? null : rival.run("go");
            if (run != null && Math.abs(run.mean() / meanNll - 1) > SAME) {
                throw new IllegalStateException("mean nll " + meanNll + " here, " + run.mean() + " in Python");
            }
            double flops = MatrixProduct.flopsPerSecond("cpu", dtype, PRODUCT, 1);
            if (round > 0) {
                ours = Math.min(ours, seconds);
                theirs = run == null ? theirs : Math.min(theirs, run.seconds());
                product = Math.max(product, flops);
            }
        }
    }

    /**
     * Adds rate, share of the product and ratio to Python.
     *
     * @param flops of one piece of work
     */
    void report(
            String name,
            long tokens,
            double flops,
            @Nullable Double shareAim,
            @Nullable Double ratioAim,
            List<Figure> figures) {
        figures.add(Figure.of(name + "-product", product, "FLOP/s"));
        figures.add(Figure.of(name + "-speed", tokens / ours, "tokens/s"));
        figures.add(figure(name + "-of-product", flops / ours / product, shareAim));
        figures.add(
                rival == null
                        ? Figure.unknown(name + "-to-python", "ratio")
                        : figure(name + "-to-python", theirs / ours, ratioAim));
    }

    private static Figure figure(String name, double value, @Nullable Double aim) {
        return aim == null ? Figure.of(name, value, "ratio") : Figure.atLeast(name, value, "ratio", aim);
    }

    @Override
    public void close() throws IOException {
        if (rival != null) {
            rival.close();
        }
    }
}
