package org.bandpass.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;

/**
 * The router's rule. With a frozen plan it resumes after the last scored record that its bands or dead letters name,
 * partition by partition; with a live plan it refuses where a band holds records, because other cuts would rank the
 * records in between.
 */
final class ResumeAfterBands implements Resume {

    private static final AvroSerde<DeadLetter> LETTERS = AvroSerde.of(DeadLetter.class);

    private final Consumer<byte[], byte[]> reader;
    private final Plan plan;
    private final List<String> bands;
    private final String deadLetters;

    /**
     * Reads nothing yet.
     *
     * @param bands topics of the plan's bands, those that exist
     * @param deadLetters topic of the router's dead letters
     */
    ResumeAfterBands(Consumer<byte[], byte[]> reader, Plan plan, List<String> bands, String deadLetters) {
        this.reader = reader;
        this.plan = plan;
        this.bands = bands;
        this.deadLetters = deadLetters;
    }

    @Override
    public Point in(Set<TopicPartition> partitions, boolean none) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (String band : bands) {
            OffsetSnapshot snapshot = OffsetSnapshot.visible(reader, band);
            for (TopicPartition partition : partitions) {
                TopicPartition where = new TopicPartition(band, partition.partition());
                ConsumerRecord<byte[], byte[]> last = snapshot.last(reader, where);
                if (last == null) {
                    continue;
                }
                if (plan.getCutMode() == CutMode.LIVE) {
                    return refused(where);
                }
                try {
                    long scored = HeaderNames.longInteger(last.headers(), HeaderNames.SCORED_OFFSET);
                    offsets.merge(partition, scored + 1, Math::max);
                } catch (IllegalArgumentException e) {
                    return Point.refused("its offsets are gone, and the record at " + where.topic() + " partition "
                            + where.partition() + " offset "
                            + last.offset()
                            + " does not say which scored record it is, so nobody knows where the router resumes");
                }
            }
        }
        if (plan.getCutMode() == CutMode.FROZEN) {
            addDeadLetters(partitions, offsets);
        }
        return Point.after(offsets);
    }

    private Point refused(TopicPartition where) {
        return Point.refused(
                "its offsets are gone while band " + where.topic() + " holds records in partition " + where.partition()
                        + ": the router of a live plan refuses to start, because the cuts have changed since");
    }

    private void addDeadLetters(Set<TopicPartition> partitions, Map<TopicPartition, Long> offsets) {
        OffsetSnapshot.visible(reader, deadLetters).read(reader, record -> {
            // The routers of all plans share the topic.
            if (!plan.getName().equals(HeaderNames.text(record.headers(), HeaderNames.PLAN))) {
                return;
            }
            try {
                DeadLetter letter = LETTERS.read(record.value());
                if (letter.getTopic() != null && letter.getPartition() != null && letter.getOffset() != null) {
                    TopicPartition partition = new TopicPartition(letter.getTopic(), letter.getPartition());
                    if (partitions.contains(partition)) {
                        offsets.merge(partition, letter.getOffset() + 1, Math::max);
                    }
                }
            } catch (SerializationException e) {
                // A letter that cannot be read names no position.
                return;
            }
        });
    }
}
