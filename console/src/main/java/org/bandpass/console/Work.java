package org.bandpass.console;

import java.time.Instant;
import java.util.ArrayList;
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

/** What one follower has to do: the offsets from its position to the end, and how many of the records concern it. */
final class Work {

    private final Following following;
    private final Map<TopicPartition, Long> committed;
    private final Resume.Point resumed;
    private final Map<TopicPartition, Long> from = new HashMap<>();
    private final Map<TopicPartition, Long> to = new HashMap<>();
    private final Map<TopicPartition, Long> covered;
    private long documents;
    private long unread;
    private long lost;
    private int partitions;
    private Blocked blocked = Blocked.NOT;
    private @Nullable String problem;

    private Work(Following following, Map<TopicPartition, Long> committed, Resume.Point resumed) {
        this.following = following;
        this.committed = committed;
        this.resumed = resumed;
        this.covered = new HashMap<>(resumed.covered());
        this.problem = resumed.refusal();
    }

    /**
     * Finds out where a follower stands.
     *
     * @param partitions all of its topic
     * @param committed offsets of its group in these
     */
    static Work of(Following following, List<TopicPartition> partitions, Map<TopicPartition, Long> committed) {
        Set<TopicPartition> without = new HashSet<>(partitions);
        without.removeAll(committed.keySet());
        Resume.Point resumed = without.isEmpty() || following.done()
                ? Resume.Point.BEGINNING
                : following.resume().in(without, committed.isEmpty());
        return new Work(following, committed, resumed);
    }

    /** Limits the work to what the topic holds now. */
    void clip(TopicEnds now) {
        partitions = now.readable().to().size();
        if (following.done() || problem != null) {
            return;
        }
        now.readable().to().forEach((partition, end) -> clip(partition, end, now));
        if (problem != null) {
            from.clear();
            to.clear();
        } else if (!following.ranges().isEmpty()) {
            clipToRanges();
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
        take(partition, Math.max(first, position), end);
    }

    private void clipToRanges() {
        Map<Integer, OffsetRange> ranges = new HashMap<>();
        following.ranges().forEach(range -> ranges.put(range.getPartition(), range));
        for (TopicPartition partition : List.copyOf(to.keySet())) {
            OffsetRange range = ranges.get(partition.partition());
            long start = from(partition);
            long end = to(partition);
            to.remove(partition);
            if (range != null) {
                take(partition, Math.max(start, range.getFrom()), Math.min(end, range.getTo()));
            }
        }
    }

    private void take(TopicPartition partition, long start, long end) {
        if (start < end) {
            from.put(partition, start);
            to.put(partition, end);
        }
    }

    boolean holds(TopicPartition partition) {
        return to.containsKey(partition);
    }

    long from(TopicPartition partition) {
        return from.getOrDefault(partition, 0L);
    }

    long to(TopicPartition partition) {
        return to.getOrDefault(partition, 0L);
    }

    void visit(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < from(partition) || record.offset() >= to(partition)) {
            return;
        }
        long passedOver = covered.getOrDefault(partition, 0L);
        if (passedOver > 0) {
            covered.put(partition, passedOver - 1);
        } else if (following.concerns().test(record)) {
            documents++;
        }
    }

    /** Counts the offsets that were not read. */
    void close(Consumer<?, ?> reader, List<TopicPartition> read) {
        for (TopicPartition partition : read) {
            if (holds(partition)) {
                unread += Math.max(0, to(partition) - Math.max(from(partition), reader.position(partition)));
            }
        }
    }

    /** Returns the result, with the group's state where the program reports none. */
    Lag lag(String groupState, Instant now) {
        return new Lag(
                following.program(),
                following.group(),
                following.topic(),
                problem == null ? documents : null,
                problem == null ? documents + unread : null,
                partitions,
                state(groupState, now),
                new Lag.Begin(begin(), lost, blocked, problem));
    }

    private Lag.From begin() {
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
            words.add(begin() == Lag.From.BEGINNING ? "not started" : groupState);
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
