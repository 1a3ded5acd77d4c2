package org.bandpass.selector.router;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.score.ScoredPosition;
import org.bandpass.service.ProgramFailure;

/**
 * Finds where a router resumes if its group has lost positions: committed offsets expire in an empty group. The router
 * of a frozen plan resumes after the highest scored offset in its bands and dead letters, by partition: output and
 * position are written in one transaction, so nothing before that offset is missing.
 */
final class ResumePositions {

    private final Plan plan;
    private final Map<Integer, Long> positions = new TreeMap<>();

    private ResumePositions(Plan plan) {
        this.plan = plan;
    }

    /** Returns offsets by partition. Throws a ProgramFailure if a live plan has records without a position. */
    static Map<Integer, Long> of(Plan plan, String group, KafkaCluster cluster) {
        Map<Integer, Long> committed = cluster.committed(group, plan.getScoredTopic());
        if (committed.size() >= cluster.topics().partitions()) {
            return Map.of();
        }
        List<String> bands =
                plan.getBands().stream().map(band -> cluster.band(plan, band)).toList();
        if (plan.getCutMode() == CutMode.LIVE) {
            bands.forEach(band -> requireKnown(committed, cluster.ends(band), plan, group, band));
            return Map.of();
        }
        ResumePositions resume = new ResumePositions(plan);
        bands.forEach(band -> resume.addBand(cluster, cluster.written(band)));
        cluster.read(cluster.topics().deadLetters(PlanRouter.PROGRAM).name(), resume::addDeadLetter);
        List<Integer> lost = resume.positions.keySet().stream()
                .filter(partition -> !committed.containsKey(partition))
                .toList();
        if (!lost.isEmpty()) {
            System.err.println("group " + group + " has no position in partitions " + lost + " of "
                    + plan.getScoredTopic() + "; it resumes after the last document it has routed");
        }
        return resume.positions;
    }

    /** Live cuts have changed since, so starting over would add documents that were left out and double others. */
    private static void requireKnown(
            Map<Integer, Long> committed, RecordEnds ends, Plan plan, String group, String band) {
        ends.offsets().forEach((partition, end) -> {
            if (end > 0 && !committed.containsKey(partition)) {
                throw new ProgramFailure("topic " + band + " holds records in partition " + partition
                        + ", but group " + group + " has no position in " + plan.getScoredTopic()
                        + ": starting over would double them. Route under a plan of another name ('bandpass replay'),"
                        + " or give the group its position with kafka-consumer-groups --reset-offsets");
            }
        });
    }

    /** Reads the last record of each partition of a band; band records are in the order of the scored ones. */
    private void addBand(KafkaCluster cluster, OffsetSnapshot band) {
        for (TopicPartition partition : band.to().keySet()) {
            // Records of other producers have no position.
            ConsumerRecord<byte[], byte[]> last = cluster.last(
                    band,
                    partition,
                    record -> ScoredPosition.of(record.headers()).partition() == record.partition());
            if (last != null) {
                resumeAfter(
                        partition.partition(), ScoredPosition.of(last.headers()).offset());
            }
        }
    }

    /** Reads a dead letter of any router; letters of earlier versions do not name their plan. */
    private void addDeadLetter(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || !plan.getName().equals(HeaderNames.text(record.headers(), HeaderNames.PLAN))) {
            return;
        }
        List<String> key = List.of(new String(record.key(), StandardCharsets.UTF_8).split("/", -1));
        if (key.size() == 3 && key.get(0).equals(plan.getScoredTopic())) {
            resumeAfter(Integer.parseInt(key.get(1)), Long.parseLong(key.get(2)));
        }
    }

    private void resumeAfter(int partition, long offset) {
        positions.merge(partition, offset + 1, Math::max);
    }
}
