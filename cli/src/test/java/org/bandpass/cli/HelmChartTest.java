package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The chart, linted and rendered by Helm's own code. */
class HelmChartTest {

    private static final Path CHART =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("helm/bandpass");

    @Test
    void lintFindsNothing() {
        LintResult result = new Helm(CHART).lint().call();

        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @Test
    void rendersAProgramEach() {
        String rendered = new Helm(CHART)
                .template()
                .withName("crawl")
                .set("kafka.bootstrapServers", "kafka:9092")
                .set("models.existingClaim", "models")
                .set("ingest.enabled", true)
                .set("ingest.files[0]", "/input/a.jsonl.gz")
                .set("tokenizer.enabled", true)
                .set("routers[0].plan", "high-50")
                .set("trainings[0].run", "control")
                .set("trainings[0].control", true)
                .set("trainings[0].tokens", "26000000000")
                .call();

        assertThat(rendered.split("(?m)^kind: (Deployment|Job)$", -1))
                .as(
                        "ingest, tokenizer, scorer, calibrator, router, trainer, eval; the hook that makes topics comes apart")
                .hasSize(1 + 7);
        for (String program : new String[] {"ingest", "tokenizer", "score", "calibrate", "select", "train", "eval"}) {
            assertThat(rendered).containsPattern("args:\\s+- " + program + "\\s");
        }
        assertThat(rendered)
                .contains("\"26000000000\"")
                .contains("runAsNonRoot: true")
                .doesNotContain("2.6e+10");
    }

    @Test
    void followsFoldersInADeployment() {
        String rendered = new Helm(CHART)
                .template()
                .withName("crawl")
                .set("kafka.bootstrapServers", "kafka:9092")
                .set("ingest.enabled", true)
                .set("ingest.follow[0]", "/input/new")
                .call();

        assertThat(rendered)
                .containsPattern("- --follow\\s+- /input/new\\s")
                .contains("strategy: {type: Recreate}")
                .doesNotContain("restartPolicy: OnFailure");
        assertThat(rendered.split("(?m)^kind: Deployment$", -1))
                .as("ingest, scorer, calibrator, eval")
                .hasSize(1 + 4);
    }

    @Test
    void refusesToRenderWithoutABroker() {
        assertThatThrownBy(() -> new Helm(CHART).template().withName("crawl").call())
                .hasMessageContaining("bootstrapServers");
    }
}
