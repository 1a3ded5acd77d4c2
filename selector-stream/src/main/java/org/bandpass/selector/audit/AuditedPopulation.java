package org.bandpass.selector.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;

/**
 * All scored records of a plan's model. The plan has seen those that lie before its router's position; ranks refer to
 * those that its cuts cover.
 */
final class AuditedPopulation {

    private final Plan plan;
    private final Stratification stratification;
    private final Map<Integer, Long> positions;
    private final ScoreReader scores = new ScoreReader();
    private final Map<Integer, AuditedPartition> partitions = new HashMap<>();
    /** Records of each partition, readable or not, so far. */
    private final Map<Integer, Long> read = new HashMap<>();
    /** Of each partition, how many of the plan's records were among the first that the cuts cover. */
    private final Map<Integer, Integer> covered = new HashMap<>();
    /** Of each partition, how many the plan has seen. */
    private final Map<Integer, Integer> seen = new HashMap<>();

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> strata = new ArrayList<>();

    /**
     * Makes an empty population.
     *
     * @param plan the plan
     * @param positions offset by partition up to which the plan has seen the scored topic
     */
    AuditedPopulation(Plan plan, Map<Integer, Long> positions) {
        this.plan = plan;
        this.stratification = Stratification.named(plan.getStratification());
        this.positions = positions;
    }

    /** Reads the scored topic; {@code coverage} is how many records of each partition the cuts cover. */
    void read(KafkaCluster cluster, List<Long> coverage) {
        DeadLetterPositions letters = cluster.deadLetterPositions();
        cluster.read(plan.getScoredTopic(), record -> visit(record, coverage, letters));
    }

    private void visit(ConsumerRecord<byte[], byte[]> record, List<Long> coverage, DeadLetterPositions letters) {
        int partition = record.partition();
        AuditedPartition of = partitions.computeIfAbsent(partition, p -> new AuditedPartition());
        long ordinal = read.merge(partition, 1L, Long::sum);
        if (scores.reads(record, letters) && scores.modelRevision().equals(plan.getModelRevision())) {
            of.add(record.offset(), scores.meanNll(), number(scores.stratum(stratification)), checksum(record.value()));
        }
        if (record.offset() < positions.getOrDefault(partition, Long.MAX_VALUE)) {
            seen.put(partition, of.count());
        }
        if (partition < coverage.size() && ordinal <= coverage.get(partition)) {
            covered.put(partition, of.count());
        }
    }

    private int number(String stratum) {
        return numbers.computeIfAbsent(stratum, name -> {
            strata.add(name);
            return strata.size() - 1;
        });
    }

    static int checksum(byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value);
        return (int) crc.getValue();
    }

    Map<Integer, AuditedPartition> partitions() {
        return partitions;
    }

    /** Returns the records of a partition; none where there is no such partition. */
    AuditedPartition partition(int number) {
        return partitions.getOrDefault(number, new AuditedPartition());
    }

    /** Returns the name of a stratum number. */
    String stratum(int number) {
        return strata.get(number);
    }

    /** Returns how many records the plan has seen. */
    long seen() {
        return seen.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** Returns how many records of a partition the plan has seen: its first ones. */
    int seen(int partition) {
        return seen.getOrDefault(partition, 0);
    }

    /** Returns the exact ranks of a stratum among the records that the cuts cover; 'all' for all of them. */
    ExactRanks exact(String stratum) {
        boolean all = stratum.equals(Stratification.ALL_SCORES);
        int wanted = numbers.getOrDefault(stratum, -1);
        double[] values =
                new double[covered.values().stream().mapToInt(Integer::intValue).sum()];
        int found = 0;
        for (Map.Entry<Integer, AuditedPartition> entry : partitions.entrySet()) {
            AuditedPartition partition = entry.getValue();
            int limit = covered.getOrDefault(entry.getKey(), 0);
            for (int i = 0; i < limit; i++) {
                if (all || partition.stratum(i) == wanted) {
                    values[found++] = partition.meanNll(i);
                }
            }
        }
        return ExactRanks.of(Arrays.copyOf(values, found));
    }
}
