package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.sources.SampleFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An ingest in a process of its own is killed again and again; what is in the topics in the end must be what the files
 * say, computed here once more. The window of duplicates is small and the texts repeat at about its distance, so that a
 * restart that does not know the last documents exactly is found out.
 *
 * <p>Twenty kills are those of one seed, so that they are the same everywhere; {@code -Dbandpass.kills.seed=…} takes others.
 */
@Tag("slow")
@Timeout(1_800)
class KilledIngestTest {

    private static final int WINDOW = 40;

    private static final int KILLS = 20;
    /** Enough for the last kill to interrupt the reading. */
    private static final int RECORDS = 12_000;

    private static final long SEED = Long.getLong("bandpass.kills.seed", 20);

    @TempDir
    private Path folder;

    private final Children children = new Children();

    private final List<String> admitted = new ArrayList<>();
    private final List<String> unit = new ArrayList<>();
    private int broken;

    @AfterEach
    void killChildren() {
        children.close();
    }

    @Test
    void losesAndDoublesNoDocumentInTwentyKills() throws Exception {
        killAndCompare();
    }

    @Test
    void losesAndDoublesNoSequenceInTwentyKills() throws Exception {
        List<String> texts =
                IntStream.range(0, 100).mapToObj(i -> "text " + 37 * i).toList();
        BytePairTrainer.train(texts.iterator(), 270, folder.resolve("tokenizer.json"));
        unit.addAll(List.of("--unit", "sequence", "--sequence-tokens", "16", "--tokenizer", folder.toString()));
        killAndCompare();
    }

    private void killAndCompare() throws Exception {
        Random random = new Random(SEED);
        List<String> files = files(random);
        List<List<String>> expected = unit.isEmpty() ? documents() : sequences();
        int all = expected.stream().mapToInt(List::size).sum();
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                IngestCluster cluster = new IngestCluster(broker)) {
            int killed = 0;
            while (killed < KILLS) {
                // Each process gets a share of the remainder, so a late kill leaves work for the next.
                long target = cluster.written() + random.nextInt(Math.max(1, all / (KILLS + 2)));
                Process victim = start(cluster, files);
                cluster.awaitWritten(target + 1, victim::isAlive);
                boolean alive = victim.isAlive();
                // SIGKILL: no shutdown hook, no close, no abort.
                victim.destroyForcibly().waitFor();
                assertThat(alive)
                        .as("killed %d times with seed %d, then it ended by itself: %s", killed, SEED, log())
                        .isTrue();
                killed++;
            }
            assertThat(start(cluster, files).waitFor()).as(log()).isZero();

            assertThat(cluster.ids()).as("seed %d", SEED).isEqualTo(expected);
            assertThat(cluster.deadLetters())
                    .extracting(DeadLetter::getReason)
                    .containsOnly("malformed")
                    .hasSize(broken);
            long read = 0;
            for (IngestProgress file : cluster.progress().values()) {
                assertThat(file.getFinished() || file.getRemainder() != null).isTrue();
                read += file.getRead();
            }
            assertThat(read).isEqualTo(RECORDS);
        }
    }

    /** Writes the files and computes the expected documents, with a list as window and without code of ingest. */
    private List<String> files(Random random) {
        LinkedHashSet<String> window = new LinkedHashSet<>();
        List<String> files = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < RECORDS; i++) {
            if (random.nextInt(50) == 0) {
                lines.append("{broken ").append(i).append('\n');
                broken++;
            } else {
                String text = "text " + Math.max(0, i - (random.nextInt(3) == 0 ? random.nextInt(2 * WINDOW) : 0));
                lines.append(line(Map.of("text", text, "domain", domain(text)))).append('\n');
                if (window.add(text)) {
                    admitted.add(text);
                    if (window.size() > WINDOW) {
                        window.remove(window.iterator().next());
                    }
                }
            }
            if (i % 1_000 == 999) {
                files.add(file(files.size(), lines.toString()));
                lines.setLength(0);
            }
        }
        return files;
    }

    private String file(int number, String lines) {
        return switch (number % 3) {
            case 0 -> write(folder.resolve(number + ".jsonl"), lines).toString();
            case 1 ->
                write(folder.resolve(number + ".jsonl.gz"), SampleFiles.gzip(lines))
                        .toString();
            default ->
                write(folder.resolve(number + ".jsonl.zst"), SampleFiles.zstd(lines))
                        .toString();
        };
    }

    private static String domain(String text) {
        return "d" + text.charAt(text.length() - 1) % 3;
    }

    private List<List<String>> sequences() {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            PackedByHand byHand = new PackedByHand(tokenizer, 16);
            admitted.forEach(text -> byHand.add(domain(text), text));
            return byHand.byPartition(IngestCluster.PARTITIONS).stream()
                    .map(partition ->
                            partition.stream().map(PackedByHand.Sequence::id).toList())
                    .toList();
        }
    }

    private List<List<String>> documents() {
        List<List<String>> expected = new ArrayList<>();
        for (int p = 0; p < IngestCluster.PARTITIONS; p++) {
            expected.add(new ArrayList<>());
        }
        for (int i = 0; i < admitted.size(); i++) {
            expected.get(i % IngestCluster.PARTITIONS).add(DocumentId.of(admitted.get(i)));
        }
        return expected;
    }

    private Process start(IngestCluster cluster, List<String> files) throws IOException {
        List<String> arguments = new ArrayList<>(cluster.arguments(
                "--set", "ingest.duplicates.window=" + WINDOW, "--set", "ingest.batch.records=7", "--json"));
        arguments.addAll(unit);
        arguments.addAll(files);
        return children.start(folder.resolve("child.log"), arguments);
    }

    private String log() throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("child.log"))) {
            return String.join("\n", lines.toList());
        }
    }
}
