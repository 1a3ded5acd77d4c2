package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of the Jobs of the Helm chart: an upgrade repeats a Job only if its work changes. */
class HelmJobNamesTest {

    private static final Path CHART = RenderedChart.CHART;

    @TempDir
    private Path folder;

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
}
