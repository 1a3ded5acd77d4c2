package org.bandpass.eval.results;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TrainingRun;

/**
 * The documents that a run was trained on, by domain. The tokens are those of the scores; 0 where the data has none.
 *
 * @param sampled whether the amounts are estimates from a sample
 */
public record Composition(Amount total, SortedMap<String, Amount> byDomain, boolean sampled) {

    private static final AvroSerde<ScoredDocument> SCORED = AvroSerde.of(ScoredDocument.class);
    private static final AvroSerde<Document> DOCUMENT = AvroSerde.of(Document.class);

    /** Reads the data set of a run: the recorded ranges of its topic, or without these, the whole topic. */
    static Composition of(TrainingRun run, TopicContents contents) {
        TopicSample sample =
                run.getSnapshot().isEmpty() ? contents.sample(run.getTopic()) : contents.sample(snapshot(run));
        SortedMap<String, Amount> byDomain = new TreeMap<>();
        if (run.getRole() == RunRole.REFERENCE) {
            contents.read(sample, DOCUMENT, document -> {
                if (document.getSplit().getPart() == SplitPart.REFERENCE) {
                    add(byDomain, document, 0);
                }
            });
        } else {
            contents.read(
                    sample,
                    SCORED,
                    scored -> add(
                            byDomain, scored.getDocument(), scored.getScore().getTokens()));
        }
        Amount total = byDomain.values().stream().reduce(Amount.NONE, Amount::plus);
        byDomain.replaceAll((domain, amount) -> amount.times(sample.scale()));
        return new Composition(total.times(sample.scale()), byDomain, sample.scale() > 1);
    }

    private static OffsetSnapshot snapshot(TrainingRun run) {
        Map<TopicPartition, Long> from = new HashMap<>();
        Map<TopicPartition, Long> to = new HashMap<>();
        for (OffsetRange range : run.getSnapshot()) {
            TopicPartition partition = new TopicPartition(run.getTopic(), range.getPartition());
            from.put(partition, range.getFrom());
            to.put(partition, range.getTo());
        }
        return new OffsetSnapshot(run.getTopic(), from, to);
    }

    private static void add(SortedMap<String, Amount> byDomain, Document document, long tokens) {
        byDomain.merge(document.getDomain(), new Amount(1, tokens, document.getBytes()), Amount::plus);
    }

    /** Returns a domain's share of the bytes, in [0, 1]. */
    public double share(String domain) {
        long bytes = byDomain.getOrDefault(domain, Amount.NONE).bytes();
        return total.bytes() == 0 ? 0 : bytes / (double) total.bytes();
    }
}
