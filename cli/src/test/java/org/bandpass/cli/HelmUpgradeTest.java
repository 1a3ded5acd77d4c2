package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.TemplateCommand;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bandpass.cli.RenderedChart.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** An upgrade of the Helm chart in a cluster that has the Jobs of the previous release. */
class HelmUpgradeTest {

    private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs/";

    @TempDir
    private Path folder;

    /** Kubernetes refuses to change a Job, so the upgrade must not try. */
    @Test
    void aJobThatExistsKeepsItsSpecification() throws IOException, InterruptedException {
        String before = RenderedChart.everything(RenderedChart.CHART).call();
        String training = new RenderedChart(before)
                .jobs().stream()
                        .filter(name -> name.contains("trainer"))
                        .findFirst()
                        .orElseThrow();
        HttpServer cluster = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cluster.createContext("/", exchange -> answer(exchange, before, training));
        cluster.start();
        try {
            RenderedChart after = upgrade(cluster.getAddress().getPort());

            assertThat(after.jobs()).isEqualTo(new RenderedChart(before).jobs());
            assertThat(image(after, "train")).isEqualTo("bandpass:0.1.0");
            assertThat(image(after, "tokenizer")).as("does not exist").isEqualTo("bandpass:next");
            assertThat(image(after, "score")).as("a Deployment").isEqualTo("bandpass:next");
            assertThat(after.pod("train").spec())
                    .isEqualTo(new RenderedChart(before).pod("train").spec());
            Object job = RenderedChart.map(object(after.text(), training).get("spec"));
            assertThat(job.toString()).doesNotContain("controller-uid").doesNotContain("selector");
        } finally {
            cluster.stop(0);
        }
    }

    private RenderedChart upgrade(int port) throws IOException, InterruptedException {
        Path config = folder.resolve("config");
        Files.writeString(config, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                contexts: [{name: c, context: {cluster: c, namespace: default, user: u}}]
                users: [{name: u, user: {}}]
                current-context: c
                """.formatted(port));
        Path out = folder.resolve("out.yaml");
        Process helm = start(config, out);
        assertThat(helm.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
        return new RenderedChart(Files.readString(out));
    }

    /** Runs Helm in a separate process: the environment names its cluster. */
    private Process start(Path config, Path out) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dbandpass.root=" + RenderedChart.ROOT,
                        "-cp",
                        System.getProperty("java.class.path"),
                        HelmUpgradeTest.class.getName(),
                        out.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("err").toFile());
        builder.environment().put("KUBECONFIG", config.toString());
        return builder.start();
    }

    /** Renders the next release into a file. */
    public static void main(String[] arguments) throws IOException {
        TemplateCommand next = RenderedChart.everything(RenderedChart.CHART)
                .withNamespace("default")
                .set("jobs.keepExisting", true)
                .set("image.tag", "next");
        Files.writeString(Path.of(arguments[0]), next.call());
    }

    private static void answer(HttpExchange exchange, String release, String exists) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\","
                + " \"reason\": \"NotFound\", \"code\": 404}";
        int code = 404;
        if (path.equals("/apis/batch/v1")) {
            code = 200;
            body = "{\"kind\": \"APIResourceList\", \"apiVersion\": \"v1\", \"groupVersion\": \"batch/v1\","
                    + " \"resources\": [{\"name\": \"jobs\", \"singularName\": \"job\", \"namespaced\": true,"
                    + " \"kind\": \"Job\", \"verbs\": [\"get\", \"list\"]}]}";
        } else if (path.equals(JOBS + exists)) {
            code = 200;
            body = new ObjectMapper().writeValueAsString(live(object(release, exists)));
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Adds the fields that Kubernetes adds to an object. */
    private static Map<String, Object> live(Map<String, Object> job) {
        Map<String, Object> spec = RenderedChart.map(job.get("spec"));
        spec.put("selector", Map.of("matchLabels", Map.of("batch.kubernetes.io/controller-uid", "1")));
        Map<String, Object> pod = RenderedChart.map(spec.get("template"));
        Map<String, Object> labels =
                RenderedChart.map(RenderedChart.map(pod.get("metadata")).get("labels"));
        for (String label : List.of("", "batch.kubernetes.io/")) {
            labels.put(label + "controller-uid", "1");
            labels.put(label + "job-name", "1");
        }
        return job;
    }

    private static Map<String, Object> object(String release, String name) {
        for (Object object : new Yaml().loadAll(release)) {
            if (object != null
                    && RenderedChart.map(RenderedChart.map(object).get("metadata"))
                            .get("name")
                            .equals(name)) {
                return RenderedChart.map(object);
            }
        }
        throw new AssertionError("there is no " + name);
    }

    private static String image(RenderedChart chart, String command) {
        Pod pod = chart.pod(command);
        return String.valueOf(RenderedChart.map(
                        RenderedChart.list(pod.spec().get("containers")).get(0))
                .get("image"));
    }
}
