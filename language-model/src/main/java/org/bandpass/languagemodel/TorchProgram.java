package org.bandpass.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.bandpass.languagemodel.file.Dtype;
import org.bandpass.languagemodel.file.SafetensorsFile;
import org.bandpass.languagemodel.file.SafetensorsWriter;

/**
 * A program loaded into libtorch, and its weights there. Tensors go in and out in pieces, since a Java buffer has at most 2^31
 * bytes. One thread at a time; close frees the native memory.
 */
final class TorchProgram implements AutoCloseable {

    private static final int PIECE = 4 << 20;

    private final PtNDManager scope;
    private final PtSymbolBlock block;
    private final boolean training;

    /** @param training whether the program computes gradients; tensors made without it can have none */
    TorchProgram(String source, String device, boolean training) {
        this.training = training;
        scope = Torch.scope(device);
        byte[] archive = TorchScriptArchive.of(source);
        try {
            block = JniUtils.loadModule(scope, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            scope.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a method on tensors in a scope of the call, and reads its result before that scope ends. */
    <T> T call(String method, Function<NDManager, NDList> arguments, Function<NDArray, T> result) {
        // Thread-local in libtorch. Without it libtorch would recompile, and stall, at each new shape.
        JniUtils.setGraphExecutorOptimize(false);
        try (NDManager call = scope.newSubManager()) {
            NDArray name = call.create(0f);
            name.setName("module_method:" + method);
            NDList inputs = new NDList(name);
            inputs.addAll(arguments.apply(call));
            return result.apply(IValueUtils.forward(block, inputs, training).head());
        }
    }

    void run(String method, long... numbers) {
        call(method, m -> new NDList(m.create(numbers)), r -> 0);
    }

    static double scalar(NDArray value) {
        return value.getDataType() == DataType.FLOAT64 ? value.toDoubleArray()[0] : value.toFloatArray()[0];
    }

    void allocate(List<Integer> shape, int dtype) {
        long[] sizes = shape.stream().mapToLong(Integer::longValue).toArray();
        run("allocate", followedBy(sizes, dtype));
    }

    /** Calls a method with [numbers …] and the content of a direct buffer. */
    void send(String method, ByteBuffer direct, DataType type, long... numbers) {
        Shape shape = new Shape(direct.remaining() / type.getNumOfBytes());
        call(method, m -> new NDList(m.create(numbers), m.create(direct, shape, type)), r -> 0);
    }

    /**
     * Copies a tensor of a file by a method that takes [numbers …, first element] and the numbers from there on.
     *
     * <p>They pass through a buffer of our own: if the mapped file is truncated meanwhile, Java then throws an error, where
     * libtorch would end the process.
     */
    void send(String method, SafetensorsFile.Entry entry, long... numbers) throws IOException {
        Dtype dtype = entry.dtype();
        long size = (entry.end() - entry.begin()) / dtype.bytes;
        ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(size, PIECE) * Math.max(4, dtype.bytes))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < size; at += PIECE) {
            ByteBuffer mapped = entry.map(at * dtype.bytes, Math.min(size, at + PIECE) * dtype.bytes);
            piece.clear();
            // bf16 is the upper half of fp32; DJL has no type for it.
            while (dtype == Dtype.BF16 && mapped.hasRemaining()) {
                piece.putInt(mapped.getShort() << 16);
            }
            piece.put(mapped).flip();
            send(method, piece, type(dtype), followedBy(numbers, at));
        }
    }

    private static DataType type(Dtype dtype) {
        return switch (dtype) {
            case F64 -> DataType.FLOAT64;
            case F32, BF16 -> DataType.FLOAT32;
            case F16 -> DataType.FLOAT16;
            default -> throw new IllegalArgumentException(dtype + " is no type of a weight");
        };
    }

    /** Writes a tensor that a method with [numbers …, first element, end] returns in fp32. */
    void receive(String method, long size, SafetensorsWriter to, long... numbers) throws IOException {
        for (long at = 0; at < size; at += PIECE) {
            long[] where = followedBy(numbers, at, Math.min(size, at + PIECE));
            to.write(call(
                    method,
                    m -> new NDList(m.create(where)),
                    r -> r.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN)));
        }
    }

    private static long[] followedBy(long[] numbers, long... more) {
        return LongStream.concat(LongStream.of(numbers), LongStream.of(more)).toArray();
    }

    @Override
    public void close() {
        block.close();
        scope.close();
    }
}
