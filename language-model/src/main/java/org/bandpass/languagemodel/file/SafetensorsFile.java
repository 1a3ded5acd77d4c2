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
     * A tensor in the file.
     *
     * @param begin first byte in the file
     * @param end byte after the last
     */
    public record Entry(SafetensorsFile in, String name, Dtype dtype, List<Long> shape, long begin, long end) {

        /** Maps bytes {@code from} to {@code to} of the tensor. */
        public ByteBuffer map(long from, long to) throws IOException {
            return in.map(begin + from, begin + to);
        }

        /** Whether two tensors are the same numbers in the same type. */
        public boolean sameBytes(Entry other) throws IOException {
            boolean same = dtype == other.dtype && shape.equals(other.shape);
            for (long at = 0; same && at < end - begin; at += PIECE) {
                long until = Math.min(end - begin, at + PIECE);
                same = map(at, until).equals(other.map(at, until));
            }
            return same;
        }

        /** The file and the name, for errors. */
        public String where() {
            return in.file + ": " + name;
        }
    }

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

    private ByteBuffer map(long from, long to) throws IOException {
        return channel.map(MapMode.READ_ONLY, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void readHeader() throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw wrong("header", "8 bytes of length", size + " bytes in all");
        }
        long length = map(0, 8).getLong();
        if (length < 2 || length > LARGEST_HEADER || length > size - 8) {
            String expected = "a length from 2 to " + Math.min(LARGEST_HEADER, size - 8);
            throw wrong("header", expected, Long.toUnsignedString(length));
        }
        byte[] header = new byte[(int) length];
        map(8, 8 + length).get(header);
        JsonNode json = JsonFile.parse(STRICT, file + ": header", header);
        if (!json.isObject()) {
            throw wrong("header", "a JSON object", json.getNodeType());
        }
        long start = 8 + length;
        json.properties().forEach(field -> {
            if (!field.getKey().equals("__metadata__")) {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), start, size));
            }
        });
        refuseGaps(start, size);
    }

    private Entry entry(String name, JsonNode json, long start, long size) {
        if (!json.isObject() || json.size() != 3) {
            throw wrong(name, "dtype, shape and data_offsets", shortened(json));
        }
        if (!json.path("dtype").isTextual()) {
            throw wrong(name, "dtype as a text", shortened(json.path("dtype")));
        }
        Dtype dtype = Dtype.named(file + ": " + name, json.path("dtype").textValue());
        List<Long> shape = naturals(name, "shape", json);
        List<Long> offsets = naturals(name, "data_offsets", json);
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > size - start) {
            throw wrong(name, "data_offsets within the " + (size - start) + " bytes of data", offsets);
        }
        long bytes = bytes(name, dtype, shape);
        long found = offsets.get(1) - offsets.get(0);
        if (found != bytes) {
            throw wrong(name, bytes + " bytes for " + dtype + " " + shape, found + " bytes");
        }
        return new Entry(this, name, dtype, shape, start + offsets.get(0), start + offsets.get(1));
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

    private List<Long> naturals(String name, String key, JsonNode entry) {
        JsonNode json = entry.path(key);
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
        return numbers;
    }

    private void refuseGaps(long start, long size) {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long reached = start;
        for (Entry entry : sorted) {
            if (entry.begin() != reached) {
                String found = entry.begin() + (entry.begin() < reached ? " (overlap)" : " (gap)");
                throw wrong(entry.name(), "a begin at byte " + reached + " of the file", found);
            }
            reached = entry.end();
        }
        if (reached != size) {
            throw wrong("data", "an end at byte " + reached, size + " bytes");
        }
    }

    private ModelFormatException wrong(String name, String expected, Object found) {
        return ModelFormatException.expected(file + ": " + name, expected, found);
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
