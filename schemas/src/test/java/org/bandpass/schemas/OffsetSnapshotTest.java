package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OffsetSnapshotTest {

    private static final TopicPartition PARTITION = new TopicPartition("scored", 0);

    @Test
    @Timeout(60)
    void failsWhereNoBrokerBringsTheLastRecord() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        consumer.setOffsetsException(new TimeoutException("no broker"));
        OffsetSnapshot snapshot = new OffsetSnapshot("scored", Map.of(PARTITION, 0L), Map.of(PARTITION, 5L));

        assertThatThrownBy(() -> snapshot.last(consumer, PARTITION))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("no broker");
    }
}
