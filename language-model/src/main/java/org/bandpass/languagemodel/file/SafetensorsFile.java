package org.bandpass.languagemodel.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, mapped and checked before a number is read: 8 bytes of header length, a JSON header, the tensors'
 * bytes without gap or overlap.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final long LARGEST_HEADER = 100_000_000;
    private static final long PIECE = 1 << 28;
    private static final ObjectMapper STRICT = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Where a tensor is.
     *
     * @param begin first byte in the file
     * @param end byte after the last
     */
    public record Entry(String name, Dtype dtype, List<Long> shape, long begin, long end) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private SafetensorsFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    public static SafetensorsFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        SafetensorsFile opened = new SafetensorsFile(file, channel);
        try {
            opened.readHeader();
            return opened;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public Map<String, Entry> entries() {
        return entries;
    }

    /** Maps bytes {@code from} to {@code to} of the file, both within an entry. */
    public ByteBuffer map(long from, long to) throws IOException {
        return channel.map(MapMode.READ_ONLY, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether two tensors are the same numbers in the same type. */
    public boolean sameBytes(Entry entry, SafetensorsFile otherFile, Entry other) throws IOException {
        if (entry.dtype() != other.dtype() || !entry.shape().equals(other.shape())) {
            return false;
        }
        long size = entry.end() - entry.begin();
        for (long at = 0; at < size; at += PIECE) {
            long end = Math.min(size, at + PIECE);
            ByteBuffer here = map(entry.begin() + at, entry.begin() + end);
            if (!here.equals(otherFile.map(other.begin() + at, other.begin() + end))) {
                return false;
            }
        }
        return true;
    }

    public Path file() {
        return file;
    }

    private void readHeader() throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw wrong("header", "8 bytes of length", size + " bytes in all");
        }
        long length = map(0, 8).getLong();
        if (length < 2 || length > LARGEST_HEADER || length > size - 8) {
            throw wrong(
                    "header",
                    "a length from 2 to " + Math.min(LARGEST_HEADER, size - 8),
                    Long.toUnsignedString(length));
        }
        byte[] header = new byte[(int) length];
        map(8, 8 + length).get(header);
        JsonNode json = parsed(header);
        long start = 8 + length;
        json.properties().forEach(field -> {
            if (!field.getKey().equals("__metadata__")) {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), start, size));
            }
        });
        refuseGaps(start, size);
    }

    private JsonNode parsed(byte[] header) {
        JsonNode json = JsonFile.parse(STRICT, file + ": header", header);
        if (!json.isObject()) {
            throw wrong("header", "a JSON object", String.valueOf(json.getNodeType()));
        }
        return json;
    }

    private Entry entry(String name, JsonNode json, long start, long size) {
        if (!json.isObject() || json.size() != 3) {
            throw wrong(name, "dtype, shape and data_offsets", shortened(json));
        }
        Dtype dtype = dtype(name, json.path("dtype"));
        List<Long> shape = naturals(name, "shape", json.path("shape"));
        List<Long> offsets = naturals(name, "data_offsets", json.path("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > size - start) {
            throw wrong(name, "data_offsets within the " + (size - start) + " bytes of data", offsets.toString());
        }
        long bytes = bytes(name, dtype, shape);
        if (offsets.get(1) - offsets.get(0) != bytes) {
            throw wrong(
                    name, bytes + " bytes for " + dtype + " " + shape, (offsets.get(1) - offsets.get(0)) + " bytes");
        }
        return new Entry(name, dtype, shape, start + offsets.get(0), start + offsets.get(1));
    }

    private Dtype dtype(String name, JsonNode json) {
        if (!json.isTextual()) {
            throw wrong(name, "dtype as a text", shortened(json));
        }
        try {
            return Dtype.named(json.textValue());
        } catch (ModelFormatException e) {
            throw new ModelFormatException(file + ": " + name + ": " + e.getMessage(), e);
        }
    }

    private long bytes(String name, Dtype dtype, List<Long> shape) {
        long bytes = dtype.bytes;
        try {
            for (long d : shape) {
                bytes = Math.multiplyExact(bytes, d);
            }
        } catch (ArithmeticException e) {
            throw new ModelFormatException(file + ": " + name + ": shape " + shape + " has more than 2^63 bytes", e);
        }
        return bytes;
    }

    private List<Long> naturals(String name, String key, JsonNode json) {
        if (!json.isArray()) {
            throw wrong(name, key + " as a list", shortened(json));
        }
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : json) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw wrong(name, key + " of whole numbers from 0", shortened(json));
            }
            numbers.add(number.longValue());
        }
        return List.copyOf(numbers);
    }

    private void refuseGaps(long start, long size) {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long reached = start;
        for (Entry entry : sorted) {
            if (entry.begin() != reached) {
                throw wrong(
                        entry.name(),
                        "a begin at byte " + reached + " of the file",
                        entry.begin() + (entry.begin() < reached ? " (overlap)" : " (gap)"));
            }
            reached = entry.end();
        }
        if (reached != size) {
            throw wrong("data", "an end at byte " + reached, size + " bytes");
        }
    }

    private ModelFormatException wrong(String name, String expected, String found) {
        return new ModelFormatException(file + ": " + name + ": expected " + expected + ", found " + found);
    }

    private static String shortened(JsonNode json) {
        String text = json.isMissingNode() ? "nothing" : json.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
