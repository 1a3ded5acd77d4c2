package org.bandpass.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesMetricsAndHealth() throws Exception {
        try (Telemetry telemetry = new Telemetry("scorer", 0)) {
            telemetry.registry().counter("bandpass.scorer.documents").increment(3);

            assertThat(get(telemetry.port(), "/metrics").body())
                    .contains("bandpass_scorer_documents_total{program=\"scorer\"} 3.0");
            assertThat(get(telemetry.port(), "/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void listensOnlyWhenAsked() {
        try (Telemetry telemetry = new Telemetry("scorer", null)) {
            assertThat(telemetry.port()).isEqualTo(-1);
        }
    }

    @Test
    void saysWhenThePortIsTaken() {
        try (Telemetry first = new Telemetry("scorer", 0)) {
            int port = first.port();
            assertThatThrownBy(() -> new Telemetry("router", port))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining(Integer.toString(port));
        }
    }
}
