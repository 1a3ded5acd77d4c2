package org.bandpass.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

/** The work of one follower: the offsets from its position to the end, and how many of their records concern it. */
final class Work {

    /** Offsets of one partition, the last excluded. */
    record Span(long from, long to) {

        Span and(Span other) {
            return new Span(Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    private final Following following;
    private final Map<TopicPartition, Long> committed;
    private final Resume.Point resumed;
    private final Map<TopicPartition, Span> spans = new HashMap<>();
    private final Map<TopicPartition, Long> covered;
    private long documents;
    private long unread;
    private long lost;
    private int partitions;
    private Blocked blocked = Blocked.NOT;
    private @Nullable String problem;

    /**
     * Finds out where a follower is.
     *
     * @param partitions all of its topic
     * @param committed offsets of its group in these
     */
    Work(Following following, List<TopicPartition> partitions, Map<TopicPartition, Long> committed) {
        Set<TopicPartition> without = new HashSet<>(partitions);
        without.removeAll(committed.keySet());
        this.following = following;
        this.committed = committed;
        this.resumed = without.isEmpty() || following.done()
                ? Resume.Point.BEGINNING
                : following.resume().in(without, committed.isEmpty());
        this.covered = new HashMap<>(resumed.covered());
        this.problem = resumed.refusal();
    }

    /** Limits the work to what the topic holds now. */
    void clip(TopicEnds now) {
        partitions = now.readable().to().size();
        if (following.done() || problem != null) {
            return;
        }
        now.readable().to().forEach((partition, end) -> clip(partition, end, now));
        if (problem != null) {
            spans.clear();
        }
    }

    private void clip(TopicPartition partition, long end, TopicEnds now) {
        long first = now.first(partition);
        Long position = committed.get(partition);
        if (position == null) {
            position = resumed.offsets().getOrDefault(partition, first);
        }
        if (position > now.written(partition)) {
            problem = String.format(
                    Locale.ROOT,
                    "impossible: it stands at offset %,d of partition %d of %s, which ends at %,d; the topic was"
                            + " probably deleted and created again, or the group's offset was set wrongly",
                    position,
                    partition.partition(),
                    partition.topic(),
                    now.written(partition));
            return;
        }
        lost += Math.max(0, first - position);
        if (following.training() == null) {
            blocked = blocked.and(now.blocked(partition, position));
        }
        long from = Math.max(first, position);
        if (following.ranges().isEmpty()) {
            add(partition, from, end);
        }
        for (OffsetRange range : following.ranges()) {
            if (range.getPartition() == partition.partition()) {
                add(partition, Math.max(from, range.getFrom()), Math.min(end, range.getTo()));
            }
        }
    }

    private void add(TopicPartition partition, long from, long to) {
        if (from < to) {
            spans.put(partition, new Span(from, to));
        }
    }

    Map<TopicPartition, Span> spans() {
        return Collections.unmodifiableMap(spans);
    }

    void visit(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Span span = spans.get(partition);
        if (span == null || record.offset() < span.from() || record.offset() >= span.to()) {
            return;
        }
        long skipped = covered.getOrDefault(partition, 0L);
        if (skipped > 0) {
            covered.put(partition, skipped - 1);
        } else if (following.concerns().test(record)) {
            documents++;
        }
    }

    /** Counts the offsets that the reader has not reached. */
    void close(Consumer<?, ?> reader) {
        spans.forEach((partition, span) ->
                unread += Math.max(0, span.to() - Math.max(span.from(), reader.position(partition))));
    }

    /** Returns the result, with the group's state if the program reports none. */
    Lag lag(String groupState, Instant now) {
        return new Lag(
                following.program(),
                following.group(),
                following.topic(),
                problem == null ? documents : null,
                problem == null ? documents + unread : null,
                partitions,
                state(groupState, now),
                from(),
                lost,
                blocked,
                problem);
    }

    private Lag.From from() {
        if (problem != null) {
            return Lag.From.UNKNOWN;
        }
        if (resumed.fromOutput()) {
            return Lag.From.OUTPUT;
        }
        return committed.isEmpty() && !following.done() ? Lag.From.BEGINNING : Lag.From.COMMITTED;
    }

    private String state(String groupState, Instant now) {
        List<String> words = new ArrayList<>();
        if (following.training() != null) {
            words.add(following.training().state());
        } else {
            words.add(from() == Lag.From.BEGINNING ? "not started" : groupState);
        }
        if (resumed.fromOutput()) {
            words.add("its offsets are gone, it resumes after what it has written");
        }
        if (lost > 0) {
            words.add(String.format(Locale.ROOT, "%,d offsets were deleted before it had read them", lost));
        }
        if (blocked.words(now) != null) {
            words.add(blocked.words(now));
        }
        if (problem != null) {
            words.add(problem);
        }
        return String.join("; ", words);
    }
}
