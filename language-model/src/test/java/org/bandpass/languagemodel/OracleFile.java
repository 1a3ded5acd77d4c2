package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;

/** {@code oracle.json}: sequences of ids and the nats of each but the first. */
final class OracleFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OracleFile() {}

    /** Every token, each row alone and all rows together. */
    static void assertAgrees(Path folder) throws IOException {
        JsonNode oracle = JSON.readTree(folder.resolve("oracle.json").toFile());
        double tolerance = oracle.get("tolerance_nll").asDouble();
        List<int[]> rows = new ArrayList<>();
        for (JsonNode sequence : oracle.get("sequences")) {
            rows.add(StreamSupport.stream(sequence.get("input_ids").spliterator(), false)
                    .mapToInt(JsonNode::asInt)
                    .toArray());
        }
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            float[][] together = model.tokenNats(rows.toArray(new int[0][]));
            for (int r = 0; r < rows.size(); r++) {
                JsonNode expected = oracle.get("sequences").get(r).get("nll");
                float[] alone = model.tokenNats(new int[][] {rows.get(r)})[0];
                assertThat(alone).hasSize(expected.size());
                for (int i = 0; i < alone.length; i++) {
                    double nats = expected.get(i).asDouble();
                    assertThat((double) alone[i]).as("%s", folder).isCloseTo(nats, within(tolerance));
                    assertThat((double) together[r][i]).as("%s", folder).isCloseTo(nats, within(tolerance));
                }
            }
        }
    }

    /** Writes Bandpass's numbers for those rows, for other implementations to check. */
    static void write(Path file, Path folder, int[][] rows) throws IOException {
        ObjectNode oracle = JSON.createObjectNode();
        ArrayNode sequences = oracle.putArray("sequences");
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            float[][] nats = model.tokenNats(rows);
            for (int r = 0; r < rows.length; r++) {
                sequences.addObject().putPOJO("input_ids", rows[r]).putPOJO("nll", nats[r]);
            }
        }
        JSON.writeValue(file.toFile(), oracle);
    }

    /** Writes Bandpass's scores of all continuations and its answers to prompts, a line each, for check-gauntlet.py. */
    static void writeRows(Path file, Path folder, List<Question> questions, List<int[]> prompts) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            List<List<ContinuationScore>> scores = model.score(questions, 2048);
            for (int q = 0; q < questions.size(); q++) {
                for (int c = 0; c < scores.get(q).size(); c++) {
                    ContinuationScore score = scores.get(q).get(c);
                    lines.add(JSON.createObjectNode()
                            .putPOJO("promptIds", questions.get(q).prompt())
                            .putPOJO(
                                    "continuationIds",
                                    questions.get(q).continuations().get(c))
                            .putPOJO("nats", score.nats())
                            .put("allBest", score.allBest())
                            .toString());
                }
            }
            List<int[]> answers = model.generate(prompts, 6, 2048, (p, ids) -> false);
            for (int p = 0; p < prompts.size(); p++) {
                lines.add(JSON.createObjectNode()
                        .putPOJO("promptIds", prompts.get(p))
                        .putPOJO("generatedIds", answers.get(p))
                        .toString());
            }
        }
        Files.write(file, lines);
    }
}
