package org.bandpass.sources.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The wait that a busy server asks for is respected. */
class BusyServerTest {

    private static final String NOW = "Wed, 25 Nov 2026 10:00:00 GMT";
    private static final HttpRequests REQUESTS =
            new HttpRequests(new HttpPatience(6, 1_000, 60_000, 60_000), line -> {});

    @Test
    void readsSecondsAndDates() {
        assertThat(HttpAnswer.retryAfter("120", NOW)).isEqualTo(Duration.ofSeconds(120));
        assertThat(HttpAnswer.retryAfter("Wed, 25 Nov 2026 10:00:30 GMT", NOW)).isEqualTo(Duration.ofSeconds(30));
        assertThat(HttpAnswer.retryAfter("Wed, 25 Nov 2026 09:00:00 GMT", NOW)).isZero();
        assertThat(HttpAnswer.retryAfter("", NOW)).isZero();
        assertThat(HttpAnswer.retryAfter("soon", NOW)).isZero();
        assertThat(HttpAnswer.retryAfter("-5", NOW)).isZero();
        assertThat(HttpAnswer.retryAfter("Wed, 25 Nov 2026 10:00:30 GMT", "")).isZero();
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        assertThat(REQUESTS.pauseMillis(1, new IOException())).isEqualTo(1_000);
        assertThat(REQUESTS.pauseMillis(3, new IOException())).isEqualTo(4_000);
        HttpRequests many = new HttpRequests(new HttpPatience(100, 1_000, 60_000, 60_000), line -> {});
        assertThat(many.pauseMillis(90, new IOException())).isEqualTo(60_000);
        assertThat(REQUESTS.pauseMillis(90, new IOException()))
                .as("a longer wait for a server that gives nothing")
                .isEqualTo(7_200_000);
        assertThat(REQUESTS.pauseMillis(1, new BusyServerException("503", Duration.ofSeconds(90))))
                .isEqualTo(90_000);
        assertThat(REQUESTS.pauseMillis(3, new BusyServerException("503", Duration.ofSeconds(2))))
                .isEqualTo(4_000);
        assertThat(REQUESTS.pauseMillis(1, new BusyServerException("503", Duration.ofDays(9))))
                .isEqualTo(600_000);
    }

    @Test
    void readsTheWaitFromTheAnswer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "77");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        server.start();
        try {
            HttpLocation location =
                    HttpLocation.of("http://localhost:" + server.getAddress().getPort() + "/crawl.warc", REQUESTS);
            assertThatThrownBy(() -> REQUESTS.get(location, null, null))
                    .isInstanceOfSatisfying(
                            BusyServerException.class,
                            busy -> assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(77)))
                    .hasMessageContaining("429");
        } finally {
            server.stop(0);
        }
    }
}
