package org.bandpass.scorer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.service.ProgramFailure;

/**
 * A model that halves batches which do not fit into its device's memory, and later ones of that size. It does not begin a
 * batch whose result is no longer wanted. One thread at a time.
 */
final class DeviceBatches implements LikelihoodModel {

    /** Messages of libtorch on CUDA, on a CPU and from C++; DJL wraps them in exceptions of no particular type. */
    private static final List<String> OUT_OF_MEMORY = List.of(
            "out of memory",
            "can't allocate memory",
            "not enough memory: you tried to allocate",
            "bad_alloc",
            "cublas_status_alloc_failed");

    private final String device;
    private final LikelihoodModel model;
    private final BooleanSupplier unwanted;
    private final Runnable halved;
    private long mostPositions = Long.MAX_VALUE;

    /**
     * Wraps a model.
     *
     * @param device its name, for messages
     * @param unwanted asked before each batch
     * @param halved called each time that the device runs out of memory
     */
    DeviceBatches(String device, LikelihoodModel model, BooleanSupplier unwanted, Runnable halved) {
        this.device = device;
        this.model = model;
        this.unwanted = unwanted;
        this.halved = halved;
    }

    @Override
    public int contextLength() {
        return model.contextLength();
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public String revision() {
        return model.revision();
    }

    @Override
    public float[][] tokenNats(int[][] rows) {
        return computed(
                rows,
                model::tokenNats,
                (first, second) ->
                        Stream.of(first, second).flatMap(Arrays::stream).toArray(float[][]::new));
    }

    /**
     * {@inheritDoc}
     *
     * @throws CancellationException if the result is no longer wanted
     * @throws ProgramFailure if the device has no memory for a single row
     */
    @Override
    public double[] rowNats(int[][] rows) {
        return computed(
                rows,
                model::rowNats,
                (first, second) ->
                        Stream.of(first, second).flatMapToDouble(Arrays::stream).toArray());
    }

    private <T> T computed(int[][] rows, Function<int[][], T> compute, BinaryOperator<T> join) {
        if (unwanted.getAsBoolean()) {
            throw new CancellationException("these scores are no longer wanted");
        }
        if (rows.length < 2 || positions(rows) <= mostPositions) {
            try {
                return compute.apply(rows);
            } catch (RuntimeException e) {
                if (!isOutOfMemory(e)) {
                    throw e;
                }
                outOfMemory(rows, e);
            }
        }
        int half = rows.length / 2;
        return join.apply(
                computed(Arrays.copyOfRange(rows, 0, half), compute, join),
                computed(Arrays.copyOfRange(rows, half, rows.length), compute, join));
    }

    private void outOfMemory(int[][] rows, RuntimeException e) {
        if (rows.length == 1) {
            throw new ProgramFailure(
                    "device " + device + " has not enough memory for a single row of " + rows[0].length
                            + " ids: use a smaller model, --dtype bf16, or a device with more memory",
                    e);
        }
        mostPositions = positions(rows) / 2;
        halved.run();
    }

    private static long positions(int[][] rows) {
        return (long) rows.length
                * Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
    }

    private static boolean isOutOfMemory(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (OUT_OF_MEMORY.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        model.close();
    }
}
