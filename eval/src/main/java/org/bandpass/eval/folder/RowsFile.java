package org.bandpass.eval.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bandpass.eval.gauntlet.RowScore;
import org.bandpass.eval.gauntlet.ScoredRow;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.service.ProgramFailure;

/** Writes every row as a JSON object of its own line: prompt, answers and likelihoods. */
public final class RowsFile implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private final BufferedWriter writer;

    private RowsFile(Path file, BufferedWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    /** Creates the file, or replaces it. Throws a ProgramFailure if it cannot be written. */
    public static RowsFile create(Path file) {
        try {
            return new RowsFile(file, Files.newBufferedWriter(file));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    static ProgramFailure unwritable(Path file, IOException e) {
        return new ProgramFailure("cannot write " + file + ": " + e.getMessage(), e);
    }

    /** Writes a row. Throws a ProgramFailure if the file cannot be written. */
    public void write(ProfileTask task, ScoredRow row) {
        try {
            writer.write(MAPPER.writeValueAsString(json(task, row)));
            writer.newLine();
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static ObjectNode json(ProfileTask task, ScoredRow row) {
        Prompt prompt = row.prompt();
        RowScore score = row.score();
        ObjectNode json = MAPPER.createObjectNode()
                .put("task", task.key())
                .put("type", task.type().key())
                .put("category", score.category().isEmpty() ? null : score.category())
                .put("row", score.row())
                .put("preamble", prompt.preamble());
        json.putPOJO("contexts", prompt.contexts());
        json.putPOJO("continuations", prompt.continuations());
        json.put("gold", prompt.gold());
        json.putPOJO("answers", prompt.answers());
        json.put("correct", score.correct()).put("choice", score.choice()).put("tied", score.tied());
        json.put("sumCorrect", score.sumCorrect()).put("byteCorrect", score.byteCorrect());
        ArrayNode options = json.putArray("options");
        for (RowScore.Option option : score.options()) {
            options.addObject()
                    .put("nats", option.nats())
                    .put("tokens", option.tokens())
                    .put("bytes", option.bytes());
        }
        return json.put("answer", score.generated())
                .put("tokensCut", score.tokensCut())
                .put("shotsLost", score.shotsLost())
                .put("error", score.error());
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }
}
