package org.bandpass.eval.imported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bandpass.schemas.EvaluationScore;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmEvalResultsTest {

    @TempDir
    private Path folder;

    @Test
    void readsScoresErrorsShotsAndSamples() throws IOException {
        LmEvalResults results = read("""
                {"results": {
                   "arc_easy": {"alias": "arc_easy", "name": "arc_easy", "sample_len": 2376,
                     "acc,none": 0.25, "acc_stderr,none": 0.0089, "acc_norm,none": 0.3, "acc_norm_stderr,none": "N/A"},
                   "gsm8k": {"exact_match,strict-match": 0.1, "exact_match,flexible-extract": 0.2},
                   "mmlu": {"acc,none": 0.26, "acc_stderr,none": 0.004, "alias": "mmlu"},
                   "title": {" ": " ", "alias": "title"}},
                 "versions": {"arc_easy": 1.0},
                 "n-shot": {"arc_easy": 0},
                 "configs": {"gsm8k": {"num_fewshot": 5}},
                 "n-samples": {"arc_easy": {"original": 2376, "effective": 100}},
                 "lm_eval_version": "0.4.9"}
                """);

        assertThat(results.version()).isEqualTo("0.4.9");
        assertThat(results.tasks())
                .extracting(LmEvalResults.Task::name)
                .containsExactly("arc_easy/0-shot", "gsm8k/5-shot", "mmlu");
        LmEvalResults.Task arc = results.tasks().get(0);
        assertThat(arc.version()).isEqualTo("1.0");
        assertThat(arc.rows()).isEqualTo(100);
        assertThat(arc.scores())
                .containsExactly(
                        new EvaluationScore("acc,none", 0.25, 0.0089), new EvaluationScore("acc_norm,none", 0.3, null));
        assertThat(results.tasks().get(1).scores()).hasSize(2);
        assertThat(results.tasks().get(2).rows()).isZero();
    }

    @Test
    void refusesByNameWhatItDoesNotUnderstand() {
        refuses(
                "{\"results\": {\"piqa\": {\"acc\": 0.5}}}",
                "results.piqa.acc is not understood: a score is named METRIC,");
        refuses("{\"results\": {\"piqa\": {\"acc,none\": \"high\"}}}", "results.piqa.acc,none is no number: \"high\"");
        refuses("{\"results\": {\"piqa\": {\"acc,none\": {}}}}", "results.piqa.acc,none is no number");
        refuses("{\"results\": {\"piqa\": 3}}", "results.piqa is no object");
        refuses("{\"results\": {}}", "no results file of lm-eval");
        refuses("{\"config_general\": {}}", "no results file of lm-eval");
        refuses("{\"results\": {\"piqa\": {\"alias\": \"piqa\"}}}", "holds no score");
        refuses("results", "is not JSON");
        assertThatThrownBy(() -> LmEvalResults.read(folder.resolve("none.json")))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("cannot read");
    }

    private void refuses(String text, String words) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(words)
                .hasMessageContaining("results.json");
    }

    private LmEvalResults read(String text) throws IOException {
        return LmEvalResults.read(Files.writeString(folder.resolve("results.json"), text));
    }
}
