package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictTrainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Files in bz2, xz and lz4, and zstd with dictionaries: read, bounded, and refused where they are damaged. */
class CompressedFilesTest {

    /** Wraps a stream in one that compresses. */
    private interface Packer {
        OutputStream pack(OutputStream out) throws IOException;
    }

    private static final Map<String, Packer> PACKERS = Map.of(
            "bz2",
            BZip2CompressorOutputStream::new,
            "xz",
            out -> new XZOutputStream(out, new LZMA2Options(1)),
            "lz4",
            FramedLZ4CompressorOutputStream::new);

    @TempDir
    private Path folder;

    private final List<String> texts = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"bz2", "xz", "lz4"})
    void readsOneStreamAfterAnother(String suffix) {
        byte[] both =
                SampleCrawl.joined(packed(suffix, bytes(lines("a", 0, 500))), packed(suffix, bytes(lines("b", 0, 3))));

        assertThat(read("a.jsonl." + suffix, both)).isEqualTo("end");
        assertThat(texts).hasSize(503).startsWith("a 0").endsWith("b 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bz2", "xz", "lz4"})
    void readsTextsAndCrawlsToo(String suffix) {
        assertThat(read("a.txt." + suffix, packed(suffix, bytes("a text")))).isEqualTo("end");
        byte[] warc = new SampleCrawl().page("https://a.example/", "some words").bytes();
        assertThat(read("a.warc." + suffix, packed(suffix, warc))).isEqualTo("end");
        assertThat(texts).containsExactly("a text", "Title\n\nsome words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bz2", "xz", "lz4"})
    void refusesWhatEndsEarly(String suffix) {
        byte[] whole = packed(suffix, bytes(lines("a", 0, 200)));
        for (int length = 8; length < whole.length; length += 7) {
            texts.clear();
            assertThat(read("a.jsonl." + suffix, Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isEqualTo("broken-off");
            assertThat(texts).hasSizeLessThanOrEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bz2", "xz", "lz4"})
    void failsInOrderOnDamagedBytes(String suffix) {
        byte[] whole = packed(suffix, bytes(lines("a", 0, 200)));
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            damaged[6 + random.nextInt(damaged.length - 6)] ^= (byte) (1 << random.nextInt(8));
            assertThat(read("a.jsonl." + suffix, damaged)).isIn("end", "broken-off", "unsupported", "not-as-named");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bz2", "xz", "lz4"})
    void refusesWhatExpandsTooMuch(String suffix) {
        byte[] zeros = packed(suffix, new byte[20 << 20]);

        assertThat(read("a.txt." + suffix, zeros, Bounds.FILE_BYTES + "=1000000"))
                .isEqualTo("expands-too-much");
        assertThat(read("a.txt." + suffix, zeros, Bounds.FILE_RATIO + "=10")).isEqualTo("expands-too-much");
    }

    @Test
    void refusesXzThatTakesMuchMemory() {
        byte[] header = packed("xz", bytes(lines("a", 0, 2)));
        // The dictionary's size is a code in the block header, which a checksum follows.
        assertThat(header[12 + 4]).isEqualTo((byte) 0x10);
        header[12 + 4] = 32;
        CRC32 checksum = new CRC32();
        int length = (header[12] + 1) * 4;
        checksum.update(header, 12, length - 4);
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(12 + length - 4, (int) checksum.getValue());

        assertThat(read("a.jsonl.xz", header)).isEqualTo("unsupported");
    }

    @Test
    void readsZstdWithItsDictionary() {
        byte[] dictionary = dictionary();
        byte[] packed = zstd(bytes(lines("a", 0, 3)), dictionary);
        SourceOpener opener = SampleOpener.with();

        assertThat(read("a.jsonl.zst", packed)).isEqualTo("unsupported");
        assertThat(read("a.jsonl.zst", packed, opener.withDictionary(dictionary)))
                .isEqualTo("end");
        assertThat(read("b.jsonl.zst", Zstd.compress(bytes(lines("b", 0, 1))), opener.withDictionary(dictionary)))
                .isEqualTo("end");
        assertThat(texts).containsExactly("a 0", "a 1", "a 2", "b 0");
    }

    @Test
    void readsTheDictionaryThatAFileBrings() {
        byte[] dictionary = dictionary();
        byte[] packed = zstd(bytes(lines("a", 0, 3)), dictionary);

        assertThat(read("a.jsonl.zst", SampleCrawl.joined(frame(dictionary), packed)))
                .isEqualTo("end");
        assertThat(read("b.jsonl.zst", SampleCrawl.joined(frame(Zstd.compress(dictionary)), packed)))
                .isEqualTo("end");
        assertThat(texts).containsExactly("a 0", "a 1", "a 2", "a 0", "a 1", "a 2");
        assertThat(read("c.jsonl.zst", Arrays.copyOf(frame(dictionary), 100))).isEqualTo("broken-off");
        assertThat(read("d.jsonl.zst", SampleCrawl.joined(frame(Zstd.compress(new byte[17 << 20])), packed)))
                .isEqualTo("unsupported");
    }

    private static byte[] frame(byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184d2a5d)
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static byte[] dictionary() {
        ZstdDictTrainer trainer = new ZstdDictTrainer(1 << 20, 4 << 10);
        for (int i = 0; i < 2_000; i++) {
            trainer.addSample(bytes(lines("sample " + i % 97, i, i + 3)));
        }
        return trainer.trainSamples();
    }

    private static byte[] zstd(byte[] content, byte[] dictionary) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.loadDict(dictionary).compress(content);
        }
    }

    private static byte[] packed(String suffix, byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = PACKERS.get(suffix).pack(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private String read(String name, byte[] content, String... assignments) {
        return read(name, content, SampleOpener.with(assignments));
    }

    /** Keeps the texts and returns how reading ended. */
    private String read(String name, byte[] content, SourceOpener opener) {
        try {
            LocalFile file = LocalFile.of(write(folder.resolve(name), content));
            SourceFailure failure = opener.read(file, 0, stored -> {}, record -> {
                if (record instanceof Candidate text) {
                    texts.add(text.text());
                }
            });
            return failure == null ? "end" : failure.reason().word();
        } catch (SourceFailure e) {
            return e.reason().word();
        }
    }
}
