package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged or contradictory files end in an error that names the problem. */
class HostileFilesTest {
    private static final ModelConfig CONFIG = new ModelConfig(Gpt2.of(20, 8, 8, 1, 2));
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1.5",
            "1e999",
            "99999999999999999999",
            "\"\"",
            "\"F32\"",
            "[]",
            "[[1]]",
            "{}",
            "9223372036854775807",
            "4294967296",
            "16777216",
            "[0,0]",
            "[-1,4]",
            "[9223372036854775807,9223372036854775807]");

    @TempDir
    private Path folder;

    private Path weights;
    private byte[] whole;
    private byte[] config;

    @BeforeEach
    void writeModel() throws IOException {
        ModelFolder.initialise(folder, CONFIG, 1);
        weights = folder.resolve("model.safetensors");
        whole = Files.readAllBytes(weights);
        config = Files.readAllBytes(folder.resolve("config.json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"shape\":[20,8]' | '\"shape\":[21,8]' | transformer.wte.weight: expected 672 bytes for F32 [21, 8], found 640 bytes",
                "'[0,640]' | '[4,644]' | transformer.wte.weight: expected a begin at byte",
                "'[0,640]' | '[0,999]' | transformer.wte.weight: expected 640 bytes for F32 [20, 8], found 999 bytes",
                "'\"F32\",\"shape\":[20,8]' | '\"BF8\",\"shape\":[20,8]' | transformer.wte.weight: dtype BF8 is unknown",
                "'\"F32\",\"shape\":[20,8]' | '\"I32\",\"shape\":[20,8]' | transformer.wte.weight: expected dtype F32, F16, BF16 or F64, found I32",
                "'transformer.wpe.weight' | 'transformer.wte.weight' | header: expected JSON: Duplicate",
                "'transformer.wpe.weight' | 'transformer.wxe.weight' | wpe.weight: expected [8, 8], found nothing of that name",
                "'\"shape\":[20,8]' | '\"shape\":[10,16]' | expected shape [20, 8] from the config, found [10, 16]",
                "'\"shape\":[20,8]' | '\"shape\":\"20x8\"' | transformer.wte.weight: expected shape as a list, found \"20x8\"",
                "'\"shape\":[20,8]' | '\"shape\":[20,8e9]' | shape of whole numbers from 0",
                "'\"shape\":[20,8]' | '\"shape\":[4294967296,4294967296]' | has more than 2^63 bytes",
            })
    void aHeaderThatDoesNotFitIsExplained(String old, String now, String message) throws IOException {
        int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(whole, 8, length, StandardCharsets.UTF_8);
        assertThat(header).contains(old);
        write(header.replaceFirst(java.util.regex.Pattern.quote(old), now), length);
        assertThatThrownBy(this::load)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(weights.getParent().toString())
                .hasMessageContaining(message);
    }

    @Test
    void aHeaderLengthBeyondTheFileIsNotAllocated() throws IOException {
        assertThat(catchThrowable(this::load)).isNull();
        for (long length : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0, 1, whole.length, 99_000_000, 1L << 40}) {
            Files.write(
                    weights,
                    ByteBuffer.wrap(whole.clone())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(0, length)
                            .array());
            long before = allocated();
            Throwable thrown = catchThrowable(this::load);
            assertThat(allocated() - before).isLessThan(1 << 20);
            assertThat(thrown)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("header: expected a length from 2 to " + (whole.length - 8));
        }
    }

    @Test
    void everyTruncationIsExplained() throws IOException {
        for (int length = 0; length < whole.length; length += 1 + length / 300) {
            Files.write(weights, Arrays.copyOf(whole, length));
            assertThat(catchThrowable(this::load)).as("%s bytes", length).isInstanceOf(ModelFormatException.class);
        }
        Files.write(weights, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(this::load).hasMessageContaining("data: expected an end at byte " + whole.length);
    }

    @Test
    void randomChangesEndInAnErrorOrAModel() throws IOException {
        fuzz(400, 1);
    }

    @Tag("slow")
    @Test
    void manyRandomChangesEndInAnErrorOrAModel() throws IOException {
        fuzz(20_000, 2);
    }

    private void fuzz(int times, long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < times; i++) {
            boolean ofConfig = random.nextBoolean();
            Files.write(folder.resolve("config.json"), ofConfig ? changed(config, config.length, random) : config);
            int header = 8
                    + (int) ByteBuffer.wrap(whole)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong();
            Files.write(weights, ofConfig ? whole : changed(whole, header, random));
            long before = allocated();
            Throwable thrown = catchThrowable(this::load);
            if (thrown != null) {
                assertThat(thrown).as("change %s", i).isInstanceOf(ModelFormatException.class);
                refused++;
            }
            assertThat(allocated() - before).as("bytes for change %s", i).isLessThan(16 << 20);
        }
        assertThat(refused).isGreaterThan(times / 3);
    }

    /** Changes a byte or a value after a colon, doubles a piece, or cuts the end. */
    private static byte[] changed(byte[] bytes, int within, Random random) {
        int at = random.nextInt(within);
        byte[] head = Arrays.copyOf(bytes, at);
        byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> tail[0] = (byte) random.nextInt(256);
            case 1 -> {
                String text = new String(tail, StandardCharsets.ISO_8859_1);
                int colon = text.indexOf(':');
                if (colon >= 0) {
                    String value = VALUES.get(random.nextInt(VALUES.size()));
                    text = text.substring(0, colon + 1)
                            + text.substring(colon + 1).replaceFirst("(\\[[^\\]]*]|\"[^\"]*\"|[^,}\\s]+)", value);
                    tail = text.getBytes(StandardCharsets.ISO_8859_1);
                }
            }
            case 2 -> head = Arrays.copyOf(bytes, Math.min(bytes.length, at + random.nextInt(50)));
            default -> tail = new byte[0];
        }
        byte[] changed = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, changed, head.length, tail.length);
        return changed;
    }

    private void write(String header, int oldLength) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + whole.length - 8 - oldLength)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(whole, 8 + oldLength, whole.length - 8 - oldLength);
        Files.write(weights, file.array());
    }

    private void load() {
        try (StoredWeights stored =
                StoredWeights.open(folder, ModelConfig.read(folder).architecture())) {
            assertThat(stored).isNotNull();
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
