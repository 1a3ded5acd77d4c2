package org.bandpass.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.bandpass.schemas.KnownSchemas;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * What results were made with.
 *
 * @param settings settings by key, those of {@code bandpass run} among them as {@code run.…}
 * @param modelRevision revision of the reference model
 * @param tokenizerRevision revision of its tokenizer; null where nothing is scored
 * @param seed seed of the split; null where nothing is scored
 */
record ResultsProvenance(
        SortedMap<String, String> settings,
        String modelRevision,
        @Nullable String tokenizerRevision,
        @Nullable Long seed) {

    /** Adds what an experiment was asked for, from the folder's run.json where it has one. */
    static SortedMap<String, String> settings(Map<String, String> effective, Path folder) {
        SortedMap<String, String> settings = new TreeMap<>(effective);
        Path file = folder.resolve("run.json");
        if (Files.exists(file)) {
            try {
                JsonNode asked = new ObjectMapper().readTree(file.toFile());
                asked.properties().forEach(field -> settings.put("run." + field.getKey(), words(field.getValue())));
            } catch (IOException e) {
                throw new ProgramFailure("cannot read " + file + ": " + e.getMessage(), e);
            }
        }
        return settings;
    }

    private static String words(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /** Returns the CRC-64-AVRO fingerprint of each record type, 16 hex digits: the one that stands in each record. */
    static SortedMap<String, String> schemas() {
        SortedMap<String, String> fingerprints = new TreeMap<>();
        for (Schema schema : KnownSchemas.WRITTEN) {
            fingerprints.put(
                    schema.getName(), HexFormat.of().toHexDigits(SchemaNormalization.parsingFingerprint64(schema)));
        }
        return fingerprints;
    }
}
