package org.bandpass.selector.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
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

    private static final AuditedPartition EMPTY = new AuditedPartition();

    private final Plan plan;
    private final Stratification stratification;
    private final Map<Integer, Long> positions;
    private final ScoreReader scores = new ScoreReader();
    private final Map<Integer, AuditedPartition> partitions = new HashMap<>();
    private final List<String> strata = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

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
        DeadLetterPositions letters = cluster.settings().deadLetterPositions();
        cluster.read(plan.getScoredTopic(), record -> visit(record, coverage, letters));
    }

    private void visit(ConsumerRecord<byte[], byte[]> record, List<Long> coverage, DeadLetterPositions letters) {
        int number = record.partition();
        AuditedPartition partition = partitions.computeIfAbsent(number, p -> new AuditedPartition());
        if (scores.reads(record, letters) && scores.modelRevision().equals(plan.getModelRevision())) {
            int stratum = number(scores.stratum(stratification));
            partition.add(record.offset(), scores.meanNll(), stratum, checksum(record.value()));
        }
        partition.advance(
                record.offset() < positions.getOrDefault(number, Long.MAX_VALUE),
                number < coverage.size() ? coverage.get(number) : 0);
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
        return partitions.getOrDefault(number, EMPTY);
    }

    /** Returns the name of a stratum number. */
    String stratum(int number) {
        return strata.get(number);
    }

    /** Returns how many records the plan has seen. */
    long seen() {
        return partitions.values().stream().mapToLong(AuditedPartition::seen).sum();
    }

    /** Returns the exact ranks of a stratum among the records that the cuts cover; 'all' for all of them. */
    ExactRanks exact(String stratum) {
        boolean all = Stratification.isAll(stratum);
        int wanted = numbers.getOrDefault(stratum, -1);
        DoubleStream values = partitions.values().stream()
                .flatMapToDouble(partition -> IntStream.range(0, partition.covered())
                        .filter(i -> all || partition.stratum(i) == wanted)
                        .mapToDouble(partition::meanNll));
        return ExactRanks.of(values.toArray());
    }
}
