package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With any damage to files of known formats, readers end, fail only in ways that are handled, hold no more than they may,
 * read the same a second time, and skip records as they read them.
 *
 * <p>The long test uses a fixed seed and those after it, as many as the machine manages, so that a failure can be
 * repeated; {@code -Dbandpass.fuzz.seed=…} begins with another, {@code -Dbandpass.fuzz.minutes=…} takes longer.
 */
class ReaderFuzzTest {

    private static final int RECORD_BYTES = 64 << 10;
    private static final long SEED = Long.getLong("bandpass.fuzz.seed", 1_000);
    private static final Duration DURATION = Duration.ofMinutes(Long.getLong("bandpass.fuzz.minutes", 2));
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /** A damaged table may claim any number of empty rows. */
    private static final int ENOUGH = 20_000;

    @TempDir
    private Path folder;

    private final SourceOpener opener = SampleOpener.with("ingest.record.max.bytes=" + RECORD_BYTES);

    /** The records of a reader, and its failure. */
    private record Reading(
            List<SourceRecord> records, @Nullable String failure) {}

    @Test
    void readsTheCorpus() throws IOException {
        for (Map.Entry<String, byte[]> file : FuzzCorpus.read().entrySet()) {
            Path copy = SampleFiles.write(folder.resolve(file.getKey()), file.getValue());
            if (file.getKey().startsWith("damaged-")) {
                check(copy, new Random(1));
                continue;
            }
            Reading reading = read(copy, 0);
            assertThat(reading.failure()).as(file.getKey()).isNull();
            assertThat(reading.records()).as(file.getKey()).anyMatch(Candidate.class::isInstance);
        }
    }

    @Test
    void survivesDamageForSeconds() throws IOException {
        fuzz(11, 150);
    }

    @Test
    @Tag("slow")
    void survivesDamageForMinutes() throws IOException {
        long end = System.nanoTime() + DURATION.toNanos();
        for (long seed = SEED; System.nanoTime() < end; seed++) {
            fuzz(seed, 20);
        }
    }

    private void fuzz(long seed, int rounds) throws IOException {
        Map<String, byte[]> corpus = FuzzCorpus.read();
        Random random = new Random(seed);
        Mutation mutation = new Mutation(random, List.copyOf(corpus.values()));
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, byte[]> file : corpus.entrySet()) {
                Path damaged = SampleFiles.write(folder.resolve(file.getKey()), mutation.damage(file.getValue()));
                try {
                    check(damaged, random);
                } catch (RuntimeException | Error e) {
                    Path kept = Files.createDirectories(Path.of("target/fuzz"))
                            .resolve(seed + "-" + round + "-" + file.getKey());
                    Files.copy(damaged, kept, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    fail("seed " + seed + ", round " + round + ": " + kept, e);
                }
            }
        }
    }

    private void check(Path file, Random random) {
        long began = System.nanoTime();
        Reading first = read(file, 0);
        for (SourceRecord record : first.records()) {
            if (record instanceof Candidate candidate) {
                assertThat(candidate.text().length()).isLessThanOrEqualTo(2 * RECORD_BYTES);
            } else if (record instanceof Unusable unusable && unusable.content() != null) {
                assertThat(unusable.content().length).isLessThanOrEqualTo(Unusable.MOST_CONTENT);
            }
        }
        assertSame(first, read(file, 0), 0);
        int skipped = random.nextInt(first.records().size() + 2);
        assertSame(first, read(file, skipped), skipped);
        assertThat(System.nanoTime() - began).isLessThan(PATIENCE.toNanos());
    }

    private static void assertSame(Reading whole, Reading part, int skipped) {
        List<String> expected = words(whole.records())
                .subList(
                        Math.min(skipped, whole.records().size()),
                        whole.records().size());
        List<String> found = words(part.records());
        int compared = Math.min(expected.size(), ENOUGH - skipped);
        assertThat(found.subList(0, Math.min(found.size(), compared))).isEqualTo(expected.subList(0, compared));
        if (whole.records().size() < ENOUGH) {
            assertThat(part.failure()).isEqualTo(whole.failure());
        }
    }

    /** Records hold arrays, which are equal only to themselves. */
    private static List<String> words(List<SourceRecord> records) {
        return records.stream()
                .map(record -> record instanceof Unusable unusable
                        ? unusable.reason() + " " + unusable.detail()
                        : record.toString())
                .toList();
    }

    private Reading read(Path file, int skipped) {
        List<SourceRecord> records = new ArrayList<>();
        try (RecordReader reader = opener.open(LocalFile.of(file), bytes -> {})) {
            reader.skip(skipped);
            SourceRecord record = reader.next();
            while (record != null && records.size() < ENOUGH) {
                records.add(record);
                record = reader.next();
            }
            return new Reading(records, null);
        } catch (IOException e) {
            return new Reading(records, String.valueOf(e.getMessage()));
        }
    }
}
