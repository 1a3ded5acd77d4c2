package org.bandpass.eval.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.SplitStamp;
import org.junit.jupiter.api.Test;

class TopicSampleTest {

    private static final long MANY = 5L << 30;

    private static OffsetSnapshot topic(long... spans) {
        Map<TopicPartition, Long> from = new LinkedHashMap<>();
        Map<TopicPartition, Long> to = new LinkedHashMap<>();
        for (int partition = 0; partition < spans.length; partition++) {
            from.put(new TopicPartition("scored", partition), 7L);
            to.put(new TopicPartition("scored", partition), 7 + spans[partition]);
        }
        return new OffsetSnapshot("scored", from, to);
    }

    @Test
    void readsAllOfASmallTopic() {
        OffsetSnapshot small = topic(600, 400);
        TopicSample sample = TopicSample.of(small, 1000);
        assertThat(sample.blocks()).containsExactly(small);
        assertThat(sample.scale()).isEqualTo(1);
    }

    @Test
    void readsSeparateBlocksUpToTheEndOfALargeTopic() {
        TopicSample sample = TopicSample.of(topic(MANY, 10, 0), 1 << 20);
        TopicPartition large = new TopicPartition("scored", 0);
        long read = 0;
        long last = 7;
        for (OffsetSnapshot block : sample.blocks()) {
            assertThat(block.from().get(large)).isGreaterThanOrEqualTo(last);
            last = block.to().get(large);
            read += last - block.from().get(large);
        }
        TopicPartition small = new TopicPartition("scored", 1);
        assertThat(sample.blocks().stream()
                        .mapToLong(block -> block.to().get(small) - block.from().get(small))
                        .sum())
                .as("each record once")
                .isEqualTo(10);
        assertThat(read).isBetween(1L << 20, (1L << 20) + 64);
        assertThat(last).isBetween(MANY / 32 * 31, MANY + 7);
        assertThat(sample.scale()).isCloseTo(MANY / (double) (1 << 20), within(1.0));
    }

    @Test
    void countsMoreDocumentsThanAnIntHolds() {
        Population population = new Population(MANY);
        population.add(new ScoredDocument(
                new Score(6.0, 3L, 12L, 1, true, "model", "tokenizer", null, null, null),
                Document.newBuilder()
                        .setId("id")
                        .setSplit(new SplitStamp(SplitPart.FINAL, 17L, 0.05, 0.2))
                        .setSource("crawl")
                        .setDomain("web")
                        .setBytes(12)
                        .setText("twelve bytes")
                        .build()));
        assertThat(population.count()).isEqualTo(MANY);
        assertThat(population.capped()).isEqualTo(MANY);
        assertThat(population.byDomain()).containsEntry("web", new Amount(MANY, 3 * MANY, 12 * MANY));
        assertThat(population.sorted("web")).containsExactly(2.0);
        assertThat(population.sorted()).containsExactly(2.0);
    }
}
