package org.bandpass.sources.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.bandpass.sources.SampleFiles;
import org.junit.jupiter.api.Test;

/** All members are read as one text; all damage is found. */
class GzipMembersTest {

    @Test
    void readsAllMembersWithReadsOfAnySize() throws IOException {
        Random random = new Random(1);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int member = 0; member < 20; member++) {
            byte[] content = new byte[random.nextInt(200_000)];
            random.nextBytes(content);
            Arrays.fill(content, 0, content.length / 2, (byte) 'x');
            plain.writeBytes(content);
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(content);
            }
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (GzipMembers gzip = new GzipMembers(new ByteArrayInputStream(packed.toByteArray()))) {
            byte[] buffer = new byte[70_000];
            int count = 0;
            while (count >= 0) {
                read.write(buffer, 0, count);
                count = gzip.read(buffer, 0, 1 + random.nextInt(buffer.length));
            }
        }
        assertThat(read.toByteArray()).isEqualTo(plain.toByteArray());
    }

    @Test
    void readsHeadersWithAllTheirFields() throws IOException {
        byte[] member = SampleFiles.gzip("content");
        ByteArrayOutputStream full = new ByteArrayOutputStream();
        full.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 0});
        full.writeBytes(new byte[] {3, 0, 'e', 'x', 't'});
        full.writeBytes(SampleFiles.bytes("name\0comment\0"));
        full.writeBytes(new byte[] {1, 2});
        full.write(member, 10, member.length - 10);

        assertThat(read(full.toByteArray())).isEqualTo("content");
    }

    @Test
    void acceptsZerosAfterTheLastMember() throws IOException {
        byte[] member = SampleFiles.gzip("a", "b");
        assertThat(read(Arrays.copyOf(member, member.length + 512))).isEqualTo("ab");
        assertThat(read(new byte[0])).isEmpty();
    }

    @Test
    void findsEveryTruncation() {
        byte[] first = SampleFiles.gzip("first");
        byte[] both = SampleFiles.gzip("first", "second");
        for (int length = 1; length < both.length; length++) {
            byte[] cut = Arrays.copyOf(both, length);
            if (length == first.length) {
                continue;
            }
            assertThatThrownBy(() -> read(cut))
                    .as("%d of %d bytes", length, both.length)
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void findsWrongChecksumsAndInvalidMembers() {
        byte[] both = SampleFiles.gzip("first", "second");
        byte[] wrongSum = both.clone();
        wrongSum[both.length - 8] ^= 1;
        byte[] wrongSize = both.clone();
        wrongSize[both.length - 4] ^= 1;
        byte[] tail = Arrays.copyOf(both, both.length + 3);
        tail[both.length] = 'x';
        for (byte[] damaged : new byte[][] {wrongSum, wrongSize, tail}) {
            assertThatThrownBy(() -> read(damaged)).isInstanceOf(ZipException.class);
        }
    }

    private static String read(byte[] packed) throws IOException {
        try (GzipMembers gzip = new GzipMembers(new ByteArrayInputStream(packed))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
