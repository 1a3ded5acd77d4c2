package org.bandpass.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.bandpass.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClusterWatchTest {

    @TempDir
    private Path folder;

    private static HttpResponse<String> health(Telemetry telemetry) throws Exception {
        URI uri = URI.create("http://localhost:" + telemetry.port() + "/health");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> await(Telemetry telemetry, int status) throws Exception {
        HttpResponse<String> answer = health(telemetry);
        while (answer.statusCode() != status) {
            Thread.onSpinWait();
            answer = health(telemetry);
        }
        return answer;
    }

    @Test
    void reportsTheStartAndTheEndOfAnOutageOnceOnStderrAndAtHealth() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String servers = "localhost:" + port;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        String untilItAnswered;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (Telemetry telemetry = new Telemetry("test", 0)) {
            telemetry.watch(Map.of("bootstrap.servers", servers), Duration.ofMillis(20), Duration.ofMillis(300));
            assertThat(await(telemetry, 503).body()).contains("no broker answers at " + servers);
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, "localhost", port, Map.of())) {
                assertThat(broker.bootstrapServers()).isEqualTo(servers);
                assertThat(await(telemetry, 200).body()).isEqualTo("ok\n");
                // Read this before the broker stops: the watch may report that too.
                untilItAnswered = said.toString(StandardCharsets.UTF_8);
            }
        } finally {
            System.setErr(before);
        }
        assertThat(untilItAnswered.lines().filter(line -> line.matches("\\d{4}-.*")))
                .satisfiesExactly(
                        away -> assertThat(away)
                                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d no broker answers at " + servers
                                        + "; waiting for one"),
                        back -> assertThat(back).contains("the cluster answers again, after "));
    }
}
