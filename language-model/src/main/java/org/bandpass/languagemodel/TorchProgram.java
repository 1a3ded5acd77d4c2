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

/** A program loaded into libtorch, and the weights it holds there. One thread at a time; native memory is freed by close. */
final class TorchProgram implements AutoCloseable {

    private static final List<String> LISTS =
            List.of("weights", "products", "gradients", "first_moments", "second_moments");

    private final PtNDManager scope;
    private final PtSymbolBlock block;
    private final boolean training;

    /** @param training whether gradients will be asked for; tensors made without it can have none */
    TorchProgram(String source, String device, boolean training) {
        this.training = training;
        scope = Torch.scope(device);
        byte[] archive = TorchScriptArchive.of(source, LISTS);
        try {
            block = JniUtils.loadModule(scope, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            scope.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a method on tensors made in a scope of the call, and reads its result before that scope ends. */
    <T> T call(String method, Function<NDManager, NDList> arguments, Function<NDArray, T> result) {
        // Thread-local in libtorch. Otherwise it would recompile, and stall, at each new shape.
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
        long[] numbers = new long[shape.size() + 1];
        for (int i = 0; i < shape.size(); i++) {
            numbers[i] = shape.get(i);
        }
        numbers[shape.size()] = dtype;
        run("allocate", numbers);
    }

    /** Calls a method that takes [numbers …] and the numbers of a direct buffer. */
    void send(String method, ByteBuffer direct, DataType type, long... numbers) {
        Shape shape = new Shape(direct.remaining() / type.getNumOfBytes());
        call(method, m -> new NDList(m.create(numbers), m.create(direct, shape, type)), r -> 0);
    }

    /** Calls a method that takes [numbers …] and returns fp32. */
    ByteBuffer receive(String method, long... numbers) {
        return call(
                method,
                m -> new NDList(m.create(numbers)),
                r -> r.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public void close() {
        block.close();
        scope.close();
    }
}
