package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class OutageTest {

    @Test
    void tellsFailuresApartByTheirCauses() {
        Map.<Throwable, ClientFailure>of(
                        new TimeoutException("late"), ClientFailure.AWAY,
                        new IllegalStateException("cannot describe", new TimeoutException("late")), ClientFailure.AWAY,
                        new CoordinatorNotAvailableException("soon"), ClientFailure.AWAY,
                        new ProducerFencedException("fenced"), ClientFailure.GIVEN_UP,
                        new KafkaException("error state", new InvalidProducerEpochException("old")),
                                ClientFailure.GIVEN_UP,
                        new CommitFailedException(), ClientFailure.GIVEN_UP,
                        new KafkaException("who knows"), ClientFailure.REFUSED,
                        new KafkaException("error state", new RecordTooLargeException("large")), ClientFailure.FATAL,
                        new TopicAuthorizationException("no"), ClientFailure.FATAL,
                        new IllegalStateException("a bug"), ClientFailure.FATAL)
                .forEach((failure, kind) ->
                        assertThat(ClientFailure.of(failure)).as("%s", failure).isEqualTo(kind));
    }

    @Test
    void saysTheRootCauseOnce() {
        KafkaException wrapped = new KafkaException("error state", new RecordTooLargeException("11 MiB"));

        assertThat(ClientFailure.words(wrapped)).isEqualTo("error state: 11 MiB");
        assertThat(ClientFailure.words(new KafkaException("why: 11 MiB", new RecordTooLargeException("11 MiB"))))
                .isEqualTo("why: 11 MiB");
        assertThat(ClientFailure.words(new KafkaException("outer", new TimeoutException())))
                .isEqualTo("outer: TimeoutException");
    }

    @Test
    void outlivesAnyNumberOfTimeOutsWithoutPatience() {
        Outage outage = new Outage(null, () -> true);

        for (int i = 0; i < 100; i++) {
            int attempt = i;
            assertThatCode(() -> outage.outlive(new TimeoutException("late")))
                    .as("attempt %d", attempt)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void givesUpWhenAJobsPatienceIsOver() {
        Outage outage = new Outage(Duration.ofNanos(1), () -> true);

        assertThatThrownBy(() -> outage.outlive(new KafkaException("outer", new TimeoutException("no answer"))))
                .isInstanceOf(OutageException.class)
                .hasMessageContaining("outage.patience.ms")
                .hasMessageContaining("no answer");
    }

    @Test
    void triesWhatIsUnclearFiveTimesInARow() {
        KafkaException unclear = new KafkaException("not now");
        Outage outage = new Outage(null, () -> true);
        for (int i = 0; i < 4; i++) {
            outage.outlive(unclear);
        }
        outage.worked();
        for (int i = 0; i < 4; i++) {
            outage.outlive(unclear);
        }

        assertThatThrownBy(() -> outage.outlive(unclear)).isSameAs(unclear);
    }

    @Test
    void throwsWhatIsHopelessAtOnce() {
        TopicAuthorizationException refused = new TopicAuthorizationException("no");

        assertThatThrownBy(() -> new Outage(null, () -> true).outlive(refused)).isSameAs(refused);
    }
}
