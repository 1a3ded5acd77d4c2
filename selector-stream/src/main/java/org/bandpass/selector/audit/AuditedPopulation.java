package org.bandpass.selector.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;

/**
 * All scored records of a plan's model. Those before the router's position must be in the bands; ranks refer to those
 * that the plan's cuts cover.
 */
final class AuditedPopulation {

    private static final AuditedPartition EMPTY = new AuditedPartition();

    private final Plan plan;
    private final Stratification stratification;
    private final Map<Integer, Long> positions;
    private final List<Long> coverage;
    private final ScoreReader scores = new ScoreReader();
    private final Map<Integer, AuditedPartition> partitions = new HashMap<>();
    private final List<String> strata = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /** Reads the scored topic. */
    AuditedPopulation(Plan plan, Map<Integer, Long> positions, KafkaCluster cluster) {
        this.plan = plan;
        this.stratification = Stratification.named(plan.getStratification());
        this.positions = positions;
        coverage = plan.getCuts().stream()
                .filter(cuts -> Stratification.isAll(cuts.getStratum()))
                .findFirst()
                .map(Cuts::getCovered)
                .orElse(List.of());
        DeadLetterPositions letters = cluster.settings().deadLetterPositions();
        cluster.read(plan.getScoredTopic(), record -> add(record, letters));
    }

    private void add(ConsumerRecord<byte[], byte[]> record, DeadLetterPositions letters) {
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

    /** Returns the records of a partition, which need not exist. */
    AuditedPartition partition(int number) {
        return partitions.getOrDefault(number, EMPTY);
    }

    String stratum(int number) {
        return strata.get(number);
    }

    long seen() {
        return partitions.values().stream().mapToLong(AuditedPartition::seen).sum();
    }

    /** Returns the exact ranks of a stratum among the records that the cuts cover. */
    ExactRanks exact(String stratum) {
        boolean all = Stratification.isAll(stratum);
        int wanted = numbers.getOrDefault(stratum, -1);
        DoubleStream values = partitions.values().stream()
                .flatMapToDouble(partition -> IntStream.range(0, partition.covered())
                        .filter(i -> all || partition.stratum(i) == wanted)
                        .mapToDouble(partition::meanNll));
        return new ExactRanks(values.toArray());
    }
}
