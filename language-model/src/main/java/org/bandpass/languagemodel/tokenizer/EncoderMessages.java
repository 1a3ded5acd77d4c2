package org.bandpass.languagemodel.tokenizer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The messages between a process and its encoder. To the encoder: a length and UTF-8, first the tokenizer's JSON, then texts.
 * From the encoder, for each: a count, ids and ends; or -1, a length and the error in UTF-8.
 */
final class EncoderMessages {
    private static final int FAILED = -1;

    private EncoderMessages() {}

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    static void writeFailure(DataOutputStream out, String message) throws IOException {
        out.writeInt(FAILED);
        writeText(out, message);
    }

    static void writeResult(DataOutputStream out, EncodedText encoded) throws IOException {
        int count = encoded.ids().length;
        ByteBuffer bytes = ByteBuffer.allocate((1 + 2 * count) * Integer.BYTES);
        bytes.asIntBuffer().put(count).put(encoded.ids()).put(encoded.ends());
        out.write(bytes.array());
        out.flush();
    }

    /** @throws TokenizerFailedException where the answer is a failure */
    static EncodedText readResult(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count == FAILED) {
            throw new TokenizerFailedException(readText(in));
        }
        byte[] bytes = new byte[2 * count * Integer.BYTES];
        in.readFully(bytes);
        IntBuffer numbers = ByteBuffer.wrap(bytes).asIntBuffer();
        int[] ids = new int[count];
        int[] ends = new int[count];
        numbers.get(ids).get(ends);
        return new EncodedText(ids, ends);
    }
}
