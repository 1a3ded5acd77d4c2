package org.bandpass.languagemodel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The zip that {@code torch::jit::load} reads, made without Python: a program's source and one object of its class.
 *
 * <p>Weights are not in it: the program makes them and they are copied in from the mapped files piece by piece, so a model
 * is neither written to disk nor held in memory twice.
 */
final class TorchScriptArchive {
    private static final byte[] PICKLE_PROTOCOL_2 = {(byte) 0x80, 2};

    private TorchScriptArchive() {}

    /** @param lists names of the attributes of the class {@code Program} that are lists of tensors, empty at first */
    static byte[] of(String source, List<String> lists) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                zip.setMethod(ZipOutputStream.STORED);
                store(zip, "data.pkl", object(lists));
                store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
                store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
                store(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
                store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] object(List<String> lists) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(PICKLE_PROTOCOL_2);
        global(pickle, "__torch__", "Program");
        // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK: an object, and the start of its attributes
        write(pickle, ")\u0081}(");
        text(pickle, "training");
        pickle.write(0x88); // NEWTRUE
        for (String list : lists) {
            text(pickle, list);
            global(pickle, "torch.jit._pickle", "build_tensorlist");
            // MARK EMPTY_LIST TUPLE REDUCE
            write(pickle, "(]tR");
        }
        // SETITEMS BUILD STOP
        write(pickle, "ub.");
        return pickle.toByteArray();
    }

    private static void global(ByteArrayOutputStream pickle, String module, String name) throws IOException {
        write(pickle, "c" + module + "\n" + name + "\n");
    }

    private static void text(ByteArrayOutputStream pickle, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        pickle.write('X');
        pickle.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        pickle.write(bytes);
    }

    private static void write(ByteArrayOutputStream pickle, String opcodes) throws IOException {
        pickle.write(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry("model/" + name);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
