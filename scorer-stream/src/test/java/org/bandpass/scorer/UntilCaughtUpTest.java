package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.CatchUp;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;

class UntilCaughtUpTest {

    private static final TopicPartition DOCUMENTS = new TopicPartition("documents", 0);
    private static final CatchUp ENDS = new CatchUp(Map.of(DOCUMENTS, 10L));
    private static final Map<TopicPartition, Long> HALF_WAY = Map.of(DOCUMENTS, 5L);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    private UntilCaughtUp until(Duration patience) {
        consumer.updateEndOffsets(Map.of(DOCUMENTS, 10L));
        return new UntilCaughtUp(ENDS, patience, consumer, Duration.ZERO);
    }

    @Test
    void asksASilentCluster() {
        UntilCaughtUp until = until(Duration.ofHours(1));
        until.isReached(HALF_WAY, false);
        consumer.setOffsetsException(new TimeoutException("no broker"));

        assertThatThrownBy(() -> until.isReached(HALF_WAY, false)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void doesNotAskWhileThereIsWork() {
        UntilCaughtUp until = until(Duration.ZERO);
        consumer.setOffsetsException(new TimeoutException("no broker"));

        assertThat(until.isReached(HALF_WAY, true)).isFalse();
        assertThat(until.isReached(HALF_WAY, true)).isFalse();
    }

    @Test
    void givesUpAtAPositionThatStaysBehind() {
        UntilCaughtUp until = until(Duration.ZERO);
        until.isReached(HALF_WAY, false);

        assertThatThrownBy(() -> until.isReached(HALF_WAY, false))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("offset 5 of 10");
    }

    @Test
    void isReachedAtTheEnds() {
        assertThat(until(Duration.ZERO).isReached(Map.of(DOCUMENTS, 10L), false))
                .isTrue();
    }

    /** Without a cluster it would wait for the next document for ever. */
    @Test
    void aFlightThatIsNotFullIsNotBusy() {
        PartitionLane lane =
                new PartitionLane(DOCUMENTS, new Flight.Limits(1000, 1000, Duration.ofSeconds(1)), flight -> {});
        CompletableFuture<FlightDocument> document = new CompletableFuture<>();
        lane.add(document, 10);
        assertThat(lane.isBusy()).isTrue();

        FlightDocument.Content content = new FlightDocument.Content(null, new int[5], 5, 20, null);
        document.complete(new FlightDocument(0, 0, new byte[16], 10, content));
        FlightDocument tokenised = lane.nextTokenised();
        assertThat(tokenised).isNotNull();
        lane.board(tokenised);
        assertThat(lane.isBusy()).isFalse();
        assertThat(lane.isIdle()).isFalse();

        lane.closeFlight();
        assertThat(lane.isBusy()).isTrue();
    }
}
