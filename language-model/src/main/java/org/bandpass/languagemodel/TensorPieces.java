package org.bandpass.languagemodel;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bandpass.languagemodel.file.Dtype;
import org.bandpass.languagemodel.file.SafetensorsFile;
import org.bandpass.languagemodel.file.SafetensorsWriter;

/** Moves tensors between files and a program in pieces, so that no size is bound by a Java buffer. */
final class TensorPieces {
    private static final int ELEMENTS = 4 << 20;

    private TensorPieces() {}

    /**
     * Copies a tensor of a file by a method that takes [numbers …, first element] and the numbers from there on.
     *
     * <p>They pass through a buffer of our own: should the mapped file be cut meanwhile, Java then fails with an error, where
     * libtorch would take the process down.
     */
    static void send(
            TorchProgram program, String method, SafetensorsFile file, SafetensorsFile.Entry entry, long... numbers)
            throws IOException {
        Dtype dtype = entry.dtype();
        long size = (entry.end() - entry.begin()) / dtype.bytes;
        ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(size, ELEMENTS) * Math.max(4, dtype.bytes))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < size; at += ELEMENTS) {
            long end = Math.min(size, at + ELEMENTS);
            ByteBuffer mapped = file.map(entry.begin() + at * dtype.bytes, entry.begin() + end * dtype.bytes);
            piece.clear();
            if (dtype == Dtype.BF16) {
                widen(mapped, piece);
            } else {
                piece.put(mapped);
            }
            piece.flip();
            long[] where = Arrays.copyOf(numbers, numbers.length + 1);
            where[numbers.length] = at;
            program.send(method, piece.slice().order(ByteOrder.LITTLE_ENDIAN), type(dtype), where);
        }
    }

    /** bf16 is the upper half of fp32; DJL has no type for it. */
    private static void widen(ByteBuffer bf16, ByteBuffer fp32) {
        while (bf16.hasRemaining()) {
            fp32.putInt(bf16.getShort() << 16);
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

    /** Writes a tensor that a method returns in pieces, which takes [numbers …, first element, end]. */
    static void receive(TorchProgram program, String method, long size, SafetensorsWriter to, long... numbers)
            throws IOException {
        for (long at = 0; at < size; at += ELEMENTS) {
            long[] where = Arrays.copyOf(numbers, numbers.length + 2);
            where[numbers.length] = at;
            where[numbers.length + 1] = Math.min(size, at + ELEMENTS);
            to.write(program.receive(method, where));
        }
    }
}
