package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClientWarningsTest {

    private final AtomicLong clock = new AtomicLong();
    private final ClientWarnings warnings = new ClientWarnings(clock::get);

    private boolean passes(String line) {
        return warnings.passes("org.apache.kafka.clients.NetworkClient", line);
    }

    @Test
    void eachKindPassesOnceInAnOutageAndAgainInTheNext() {
        String one = "[Consumer clientId=consumer-1, groupId=g] Connection to node -1 could not be established.";
        String other = "[Producer clientId=producer-7] Connection to node 2 could not be established.";

        assertThat(passes(one)).isTrue();
        for (int second = 0; second < 600; second++) {
            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(passes(second % 2 == 0 ? one : other)).isFalse();
        }
        assertThat(passes("[AdminClient clientId=a] Bootstrap broker localhost:9092 (id: -1 rack: null) disconnected"))
                .isTrue();
        clock.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(passes(other)).isTrue();
    }

    @Test
    void theBrokersOwnClientsAndLateAnswersAreSilent() {
        assertThat(passes(
                        "[Consumer clientId=c, groupId=null] Not updating last stable offset for partition t-1 as it is"
                                + " no longer assigned"))
                .isFalse();
        assertThat(passes("[NodeToControllerChannelManager id=1 name=heartbeat] Connection to node 1 could not be"
                        + " established."))
                .isFalse();
    }
}
