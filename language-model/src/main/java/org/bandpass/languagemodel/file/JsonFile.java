package org.bandpass.languagemodel.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads JSON of other programs as UTF-8; Jackson alone would guess the encoding from the first bytes. */
public final class JsonFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonFile() {}

    /** @throws ModelFormatException if it is not JSON */
    public static JsonNode read(Path file) {
        try {
            return parse(MAPPER, file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** @param where names the place in errors */
    public static JsonNode parse(ObjectMapper mapper, String where, byte[] utf8) {
        try {
            return mapper.readTree(new String(utf8, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(where + ": expected JSON: " + e.getOriginalMessage(), e);
        }
    }
}
