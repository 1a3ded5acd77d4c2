package org.bandpass.sources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files made for tests. */
public final class SampleFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SampleFiles() {}

    /** Returns a line of JSON with a text, without its line feed. */
    public static String line(String text) {
        return line(Map.of("text", text));
    }

    public static String line(Map<String, ?> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the lines text 0, text 1, … */
    public static String lines(String text, int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append(line(text + " " + i)).append('\n');
        }
        return lines.toString();
    }

    public static Path write(Path file, String content) {
        return write(file, bytes(content));
    }

    public static Path write(Path file, byte[] content) {
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a file with a fault that was found in real files. */
    public static Path fault(String name) {
        return Path.of(System.getProperty("bandpass.root", ".."), "sources/src/test/resources/faults", name);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns gzip with one member for each content. */
    public static byte[] gzip(String... members) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String member : members) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(all)) {
                gzip.write(bytes(member));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toByteArray();
    }

    public static byte[] zstd(String content) {
        return Zstd.compress(bytes(content));
    }

    public static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(all)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }
}
