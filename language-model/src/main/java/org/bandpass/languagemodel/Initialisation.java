package org.bandpass.languagemodel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ObjLongConsumer;
import org.bandpass.languagemodel.file.SafetensorsWriter;

/** The numbers that a training starts from, the same on every machine. */
final class Initialisation {
    private static final int PIECE = 1 << 20;

    private Initialisation() {}

    /**
     * Makes the numbers of a weight in pieces: a direct buffer of fp32 and its first element each.
     *
     * @param index of the weight in its architecture, which names its own stream of random numbers
     */
    static void pieces(Weight weight, int index, long seed, ObjLongConsumer<ByteBuffer> to) {
        NormalNumbers numbers = new NormalNumbers(seed, index, weight.deviation());
        ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(weight.size(), PIECE) * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < weight.size(); at += PIECE) {
            piece.clear().limit((int) Math.min(weight.size() - at, PIECE) * Float.BYTES);
            switch (weight.role()) {
                case GAIN -> constant(piece, 1);
                case BIAS, OFFSET -> constant(piece, 0);
                case LOOKUP, PRODUCT -> numbers.fill(piece);
            }
            piece.flip();
            to.accept(piece.slice().order(ByteOrder.LITTLE_ENDIAN), at);
        }
    }

    private static void constant(ByteBuffer piece, float value) {
        while (piece.hasRemaining()) {
            piece.putFloat(value);
        }
    }

    static void write(Architecture architecture, long seed, SafetensorsWriter to) throws IOException {
        int index = 0;
        for (Weight weight : architecture.weights()) {
            IOException[] failed = new IOException[1];
            pieces(weight, index++, seed, (piece, at) -> {
                try {
                    to.write(piece);
                } catch (IOException e) {
                    failed[0] = e;
                }
            });
            if (failed[0] != null) {
                throw failed[0];
            }
        }
    }
}
