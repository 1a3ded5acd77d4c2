package org.bandpass.sources.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bandpass.sources.SampleFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {

    private static final int LONGEST = 300_000;

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, LONGEST})
    void cutsLinesLikeStringSplit(int longest) throws IOException {
        Random random = new Random(5);
        for (int round = 0; round < 30; round++) {
            StringBuilder text = new StringBuilder();
            for (int line = random.nextInt(50); line > 0; line--) {
                int length = random.nextInt(8) == 0 ? longest - 3 + random.nextInt(6) : random.nextInt(40);
                text.append("x".repeat(length)).append(random.nextBoolean() ? "\r\n" : "\n");
            }
            text.append("y".repeat(random.nextInt(3)));
            List<String> expected = new ArrayList<>();
            String[] parts = text.toString().split("\n", -1);
            for (int i = 0; i < parts.length; i++) {
                if (i < parts.length - 1 || !parts[i].isEmpty()) {
                    String line = parts[i].endsWith("\r") ? parts[i].substring(0, parts[i].length() - 1) : parts[i];
                    expected.add(line.length() > longest ? "too long" : line);
                }
            }
            assertThat(lines(text.toString(), longest, random)).isEqualTo(expected);
        }
    }

    @Test
    void holdsLittleOfAnEndlessLine() throws IOException {
        // 512 MiB in one line; the buffer may not grow with it.
        InputStream endless = new InputStream() {
            private long left = 512L << 20;

            @Override
            public int read() {
                throw new IllegalStateException("one byte at a time");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                int count = (int) Math.min(length, left);
                java.util.Arrays.fill(bytes, offset, offset + count, (byte) 'x');
                left -= count;
                return count == 0 ? -1 : count;
            }
        };
        try (LineReader reader = new LineReader(endless, LONGEST)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.overlong()).isTrue();
            assertThat(reader.bytes().length).isLessThan(2 << 20);
            assertThat(reader.next()).isFalse();
        }
    }

    private static List<String> lines(String text, int longest, Random random) throws IOException {
        List<String> lines = new ArrayList<>();
        InputStream dribble = new ByteArrayInputStream(SampleFiles.bytes(text)) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(100_000)));
            }
        };
        try (LineReader reader = new LineReader(dribble, longest)) {
            while (reader.next()) {
                lines.add(
                        reader.overlong()
                                ? "too long"
                                : new String(reader.bytes(), reader.from(), reader.length(), StandardCharsets.UTF_8));
            }
        }
        return lines;
    }
}
