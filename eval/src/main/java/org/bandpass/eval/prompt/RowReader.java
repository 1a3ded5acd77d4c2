package org.bandpass.eval.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.FileCheck;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.service.ProgramFailure;

/** Reads the rows of a task from its file of JSON lines; empty lines are no rows. */
final class RowReader {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RowReader() {}

    /** Throws a ProgramFailure if the file is missing, holds no row, or a row is not usable. */
    static List<Row> read(ProfileTask task, FileCheck file) {
        if (file.state() == DataState.MISSING) {
            throw new ProgramFailure("there is no " + file.path() + ", which task " + task.key()
                    + " uses; put it there, or leave the task out with --tasks");
        }
        List<Row> rows = new ArrayList<>();
        int line = 0;
        try (BufferedReader reader = Files.newBufferedReader(file.path())) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                if (!text.isBlank()) {
                    RowFields fields = new RowFields(task, file.path(), line, object(text, file.path(), line));
                    rows.add(fields.row(rows.size()));
                }
            }
        } catch (CharacterCodingException e) {
            throw new ProgramFailure(file.path() + " is not UTF-8 after line " + line + "; convert it", e);
        } catch (IOException e) {
            throw new ProgramFailure("cannot read " + file.path() + ": " + e.getMessage(), e);
        }
        if (rows.isEmpty()) {
            throw new ProgramFailure(file.path() + " has no rows; copy it again");
        }
        return List.copyOf(rows);
    }

    private static JsonNode object(String text, Path path, int line) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ProgramFailure(
                    path + " line " + line + " is not JSON: " + e.getOriginalMessage()
                            + "; each line must be one object",
                    e);
        }
        if (!node.isObject()) {
            throw new ProgramFailure(path + " line " + line + " is not a JSON object; each line must be one");
        }
        return node;
    }
}
