package org.bandpass.languagemodel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The zip that {@code torch::jit::load} reads, made without Python: a program's source and one object of its class.
 *
 * <p>It has no weights: the program allocates them, and they are copied from the mapped files piece by piece, so a model is
 * neither written to disk nor held in memory twice.
 */
final class TorchScriptArchive {
    private TorchScriptArchive() {}

    static byte[] of(String source) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                zip.setMethod(ZipOutputStream.STORED);
                store(zip, "data.pkl", object());
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

    /** A pickle: an object of the program's class with its attributes, of which the lists are empty. */
    private static byte[] object() {
        // PROTO 2, GLOBAL, EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
        StringBuilder pickle = new StringBuilder("\u0080\u0002c__torch__\nProgram\n)\u0081}(");
        // NEWTRUE
        pickle.append(text("training")).append('\u0088');
        for (String list : List.of("weights", "products", "gradients", "first_moments", "second_moments", "past")) {
            // GLOBAL MARK EMPTY_LIST TUPLE REDUCE
            pickle.append(text(list)).append("ctorch.jit._pickle\nbuild_tensorlist\n(]tR");
        }
        // SETITEMS BUILD STOP
        return pickle.append("ub.").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** BINUNICODE: the length of the text in four bytes, the lowest first, and the text. */
    private static String text(String ascii) {
        return "X" + (char) ascii.length() + "\0\0\0" + ascii;
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
