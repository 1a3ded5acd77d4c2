package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.stream.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Files in bz2, xz and lz4, and zstd with dictionaries: read, bounded, and refused if damaged. */
class CompressedFilesTest {

    /** Returns a stream that compresses into another. */
    private interface Packer {
        OutputStream pack(OutputStream out) throws IOException;
    }

    private static final Map<String, Packer> PACKERS = Map.of(
            "bz2",
            BZip2CompressorOutputStream::new,
            "xz",
            out -> new XZOutputStream(out, new LZMA2Options(1)),
            "lz4",
            FramedLZ4CompressorOutputStream::new,
            "zst",
            ZstdOutputStream::new,
            "gz",
            GZIPOutputStream::new);

    @TempDir
    private Path folder;

    private final List<String> texts = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"bz2", "xz", "lz4"})
    void readsConsecutiveStreams(String suffix) {
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
    void refusesTruncatedFiles(String suffix) {
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
    void reportsDamagedBytesAsRefusals(String suffix) {
        byte[] whole = packed(suffix, bytes(lines("a", 0, 200)));
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            damaged[6 + random.nextInt(damaged.length - 6)] ^= (byte) (1 << random.nextInt(8));
            texts.clear();
            String outcome = read("a.jsonl." + suffix, damaged);
            assertThat(outcome).isIn("end", "broken-off", "unsupported", "not-as-named");
            if (outcome.equals("end")) {
                assertThat(texts).hasSize(200).startsWith("a 0").endsWith("a 199");
                for (int text = 0; text < 200; text++) {
                    assertThat(texts.get(text)).isEqualTo("a " + text);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "zst", "bz2", "xz", "lz4"})
    void keepsTheFailureOfTheDisk(String suffix) {
        byte[] whole = packed(suffix, bytes(lines("a", 0, 200)));
        IOException stale = new IOException("Stale file handle");
        for (int length : new int[] {0, 3, whole.length / 2, whole.length - 1}) {
            InputStream failing = new InputStream() {
                private int at;

                @Override
                public int read() throws IOException {
                    if (at == length) {
                        throw stale;
                    }
                    return whole[at++] & 0xff;
                }
            };
            assertThatThrownBy(() -> Compression.named("a." + suffix)
                            .decompress(failing, null)
                            .readAllBytes())
                    .as("%d of %d bytes", length, whole.length)
                    .isSameAs(stale);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bz2", "xz", "lz4"})
    void refusesFilesThatExpandTooMuch(String suffix) {
        byte[] zeros = packed(suffix, new byte[20 << 20]);

        assertThat(read("a.txt." + suffix, zeros, Bounds.FILE_BYTES + "=1000000"))
                .isEqualTo("expands-too-much");
        assertThat(read("a.txt." + suffix, zeros, Bounds.FILE_RATIO + "=10")).isEqualTo("expands-too-much");
    }

    @Test
    void refusesXzThatNeedsMuchMemory() {
        byte[] header = packed("xz", bytes(lines("a", 0, 2)));
        // The size of the dictionary is a code in the block header, before its checksum.
        assertThat(header[12 + 4]).isEqualTo((byte) 0x10);
        header[12 + 4] = 32;
        sealBlockHeader(header);

        assertThat(read("a.jsonl.xz", header)).isEqualTo("unsupported");
    }

    @Test
    void reportsAnUnsupportedFilterOfXz() {
        byte[] header = packed("xz", bytes(lines("a", 0, 2)));
        // The number of the filter is in the block header, before its checksum.
        assertThat(header[12 + 2]).isEqualTo((byte) 0x21);
        header[12 + 2] = 0x30;
        sealBlockHeader(header);

        assertThat(read("a.jsonl.xz", header)).isEqualTo("unsupported");
    }

    private static void sealBlockHeader(byte[] xz) {
        CRC32 checksum = new CRC32();
        int length = (xz[12] + 1) * 4;
        checksum.update(xz, 12, length - 4);
        ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(12 + length - 4, (int) checksum.getValue());
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
    void readsTheDictionaryInAFile() {
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

    @Test
    void readsNoDictionaryWithinADictionary() {
        int frames = 20_000;
        ByteBuffer nested = ByteBuffer.allocate(8 * frames).order(ByteOrder.LITTLE_ENDIAN);
        while (nested.hasRemaining()) {
            nested.putInt(0x184d2a5d).putInt(nested.remaining() - 4);
        }
        assertThat(read("a.jsonl.zst", nested.array())).isEqualTo("end");
    }

    /** As in {@code warc.zst}: a frame per record, so that a reader may begin at any. */
    @Test
    void readsConsecutiveFramesWithTheDictionaryInTheFile() {
        byte[] dictionary = dictionary();
        byte[] file = frame(dictionary);
        byte[] crawl = frame(dictionary);
        for (int i = 0; i < 40; i++) {
            file = SampleCrawl.joined(file, zstd(bytes(lines("a", i, i + 1)), dictionary));
            byte[] page = new SampleCrawl()
                    .page("https://a.example/" + i, "some words " + i)
                    .bytes();
            crawl = SampleCrawl.joined(crawl, zstd(page, dictionary));
        }

        assertThat(read("a.jsonl.zst", file)).isEqualTo("end");
        assertThat(texts).hasSize(40).startsWith("a 0", "a 1").endsWith("a 39");
        texts.clear();
        assertThat(read("a.warc.zst", crawl)).isEqualTo("end");
        assertThat(texts).hasSize(40).startsWith("Title\n\nsome words 0").endsWith("Title\n\nsome words 39");
    }

    @Test
    void reportsADamagedDictionary() {
        byte[] dictionary = dictionary();
        Arrays.fill(dictionary, 8, 64, (byte) 0xff);
        boolean[] closed = new boolean[1];
        InputStream in = new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        assertThatThrownBy(() -> Compression.ZSTD.decompress(in, dictionary))
                .isInstanceOf(ZipException.class)
                .hasMessage("the zstd dictionary is damaged");
        assertThat(closed).containsExactly(true);
        assertThat(read("a.jsonl.zst", SampleCrawl.joined(frame(dictionary), Zstd.compress(bytes(lines("a", 0, 1))))))
                .isEqualTo("broken-off");
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

    /** Adds the texts, and returns how reading ended. */
    private String read(String name, byte[] content, SourceOpener opener) {
        try {
            LocalFile file = LocalFile.of(write(folder.resolve(name), content));
            SourceFailure failure = opener.read(file, 0, stored -> {}, record -> {
                if (record instanceof Candidate text) {
                    texts.add(text.text());
                }
            });
            return failure == null ? "end" : failure.reason().word();
        } catch (IOException e) {
            return SourceOpener.failure(e).reason().word();
        }
    }
}
