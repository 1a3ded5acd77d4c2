package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.selector.SelectorCluster.Outcome;
import org.bandpass.selector.score.Scored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit must find every change to the bands. */
class AuditOnABrokerTest {

    @TempDir
    private Path folder;

    @Test
    void findsTheLostTheDoubledAndTheMovedRecord() {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                SelectorCluster cluster = new SelectorCluster(broker, folder)) {
            cluster.score(Scored.many(2000, 4));
            cluster.calibrate();
            cluster.freeze("sound", "--bands", "low,high");
            cluster.freeze("doctored", "--bands", "low,high");
            cluster.select("--plan", "sound");
            doctor(cluster);

            Outcome sound = cluster.audit("sound");
            Outcome doctored = cluster.audit("doctored");

            assertThat(sound.code()).as(sound.toString()).isZero();
            assertThat(doctored.code()).isEqualTo(1);
            JsonNode low = doctored.json().get(0);
            JsonNode high = doctored.json().get(1);
            assertThat(List.of(
                            low.get("lost").asInt(),
                            low.get("doubled").asInt(),
                            low.get("misplaced").asInt()))
                    .isEqualTo(List.of(1, 1, 1));
            // The moved record is misplaced in both bands, the three forged ones in this one.
            assertThat(List.of(
                            high.get("lost").asInt(),
                            high.get("doubled").asInt(),
                            high.get("misplaced").asInt()))
                    .isEqualTo(List.of(0, 0, 4));
            assertThat(low.get("maxDistanceFromCut").asDouble()).isBetween(0.4, 0.5);
            assertThat(high.get("maxDistanceFromCut").asDouble()).isEqualTo(1);
        }
    }

    /** Copies the sound bands, with one record dropped, one doubled, one moved, and three forged. */
    private static void doctor(SelectorCluster cluster) {
        String low = cluster.topics().band("doctored", "low").name();
        String high = cluster.topics().band("doctored", "high").name();
        TopicAdmin.ensure(
                cluster.admin(),
                List.of(
                        cluster.topics().band("doctored", "low"),
                        cluster.topics().band("doctored", "high")));
        List<ConsumerRecord<byte[], byte[]>> lows =
                cluster.records(cluster.topics().band("sound", "low").name());
        ConsumerRecord<byte[], byte[]> moved = lows.stream()
                .filter(record -> HeaderNames.real(record.headers(), HeaderNames.RANK) < 0.1)
                .findFirst()
                .orElseThrow();
        int dropped = lows.indexOf(moved) == 5 ? 6 : 5;
        List<ProducerRecord<byte[], byte[]>> doctored = new ArrayList<>();
        for (int i = 0; i < lows.size(); i++) {
            if (i != dropped) {
                doctored.add(copy(lows.get(i), lows.get(i) == moved ? high : low));
            }
        }
        doctored.add(copy(lows.get(dropped + 5), low));
        List<ConsumerRecord<byte[], byte[]>> highs =
                cluster.records(cluster.topics().band("sound", "high").name());
        highs.forEach(record -> doctored.add(copy(record, high)));
        ConsumerRecord<byte[], byte[]> first = highs.get(0);
        doctored.add(new ProducerRecord<>(high, first.partition(), first.key(), first.value()));
        for (byte[] other : new byte[][] {{1}, null}) {
            doctored.add(new ProducerRecord<>(
                    high,
                    first.partition(),
                    0L,
                    first.key(),
                    other,
                    copy(first, high).headers()));
        }
        cluster.write(doctored);
    }

    private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record, String topic) {
        RecordHeaders headers = new RecordHeaders(record.headers());
        headers.remove(HeaderNames.PLAN);
        headers.add(HeaderNames.PLAN, HeaderNames.bytes("doctored"));
        return new ProducerRecord<>(
                topic, record.partition(), record.timestamp(), record.key(), record.value(), headers);
    }
}
