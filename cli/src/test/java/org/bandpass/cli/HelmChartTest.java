package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart, linted and rendered by Helm's own code. */
class HelmChartTest {

    private static final Path CHART = RenderedChart.CHART;

    @TempDir
    private Path folder;

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
                .set("jobs.keepExisting", false)
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
                .as("ingest, tokenizer, scorer, calibrator, router, trainer, eval; the hook that makes topics"
                        + " comes apart")
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
    void anUpgradeThatChangesNoWorkNamesTheSameJobs() throws IOException {
        List<String> jobs = jobs(RenderedChart.everything(CHART));
        Path newer =
                Files.createDirectories(folder.resolve("bandpass/templates")).getParent();
        for (String file : new String[] {".helmignore", "Chart.yaml", "values.yaml", "values.schema.json"}) {
            String text = Files.readString(CHART.resolve(file));
            Files.writeString(newer.resolve(file), text.replaceAll("(?m)^(version|appVersion):.*$", "$1: \"9.8.7\""));
        }
        try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
            for (Path template : templates.toList()) {
                Files.copy(template, newer.resolve("templates").resolve(template.getFileName()));
            }
        }

        assertThat(jobs).hasSize(3);
        assertThat(jobs(RenderedChart.everything(newer))).isEqualTo(jobs);
        assertThat(jobs(RenderedChart.everything(CHART)
                        .set("image.tag", "another")
                        .set("podAnnotations.a", "b")
                        .set("podLabels.a", "b")
                        .set("settings.scorer\\.flight\\.max\\.tokens", 4096)
                        .set("scorer.replicas", 7)))
                .isEqualTo(jobs);
    }

    @Test
    void otherWorkIsAnotherJob() {
        List<String> jobs = jobs(RenderedChart.everything(CHART));

        assertThat(jobs(RenderedChart.everything(CHART)
                        .set("ingest.files[0]", "/input/b.jsonl.gz")
                        .set("tokenizer.vocabulary", 4096)
                        .set("trainings[0].seed", 18)))
                .hasSize(3)
                .doesNotContainAnyElementsOf(jobs);
        assertThat(jobs(RenderedChart.everything(CHART).set("settings.trainer\\.passes\\.max", 3)))
                .hasSize(3)
                .containsOnlyOnce(jobs.get(0))
                .filteredOn(jobs::contains)
                .hasSize(1);
    }

    private static List<String> jobs(TemplateCommand command) {
        return new RenderedChart(command.call()).jobs();
    }

    @Test
    void refusesToRenderWithoutABroker() {
        assertThatThrownBy(() -> new Helm(CHART).template().withName("crawl").call())
                .hasMessageContaining("bootstrapServers");
    }
}
