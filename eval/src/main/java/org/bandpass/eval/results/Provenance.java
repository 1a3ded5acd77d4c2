package org.bandpass.eval.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.bandpass.schemas.KnownSchemas;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * What results were made with, as the manifests of the training runs say it. Where runs differ, each value is there once.
 *
 * @param programs versions and processors by name, as manifests name them
 * @param settings settings by key, those of {@code bandpass run} among them as {@code run.…}
 * @param tokenizerRevision revision of its tokenizer; null where nothing is scored
 * @param seed seed of the split; null where nothing is scored
 */
public record Provenance(
        SortedMap<String, String> programs,
        SortedMap<String, String> settings,
        String modelRevision,
        @Nullable String tokenizerRevision,
        @Nullable Long seed) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PROGRAMS = Set.of("revision", "version", "java", "kafka", "djl", "processors");

    /**
     * Returns the provenance of some runs.
     *
     * @param folder the experiment's folder, whose run.json says what {@code bandpass run} was asked for
     */
    static Provenance of(
            Collection<TrainingRun> runs,
            Path folder,
            String modelRevision,
            @Nullable String tokenizerRevision,
            @Nullable Long seed) {
        SortedMap<String, Set<String>> programs = new TreeMap<>();
        SortedMap<String, Set<String>> settings = new TreeMap<>();
        for (TrainingRun run : runs) {
            JsonNode manifest = manifest(run);
            collect(manifest, "", programs);
            collect(manifest.path("settings"), "", settings);
        }
        programs.keySet().retainAll(PROGRAMS);
        collect(asked(folder), "run.", settings);
        return new Provenance(joined(programs), joined(settings), modelRevision, tokenizerRevision, seed);
    }

    /** A manifest is for people: one that is no JSON leaves its run without a provenance. */
    private static JsonNode manifest(TrainingRun run) {
        try {
            return JSON.readTree(run.getManifest());
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static JsonNode asked(Path folder) {
        Path file = folder.resolve("run.json");
        try {
            return Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.missingNode();
        } catch (IOException e) {
            throw new ProgramFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void collect(JsonNode object, String prefix, Map<String, Set<String>> values) {
        object.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> values.computeIfAbsent(prefix + field.getKey(), key -> new LinkedHashSet<>())
                        .add(words(field.getValue())));
    }

    private static SortedMap<String, String> joined(SortedMap<String, Set<String>> values) {
        SortedMap<String, String> joined = new TreeMap<>();
        values.forEach((key, each) -> joined.put(key, String.join(" | ", each)));
        return joined;
    }

    private static String words(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /** Returns the CRC-64-AVRO fingerprint of each record type, 16 hex digits: the one that stands in each record. */
    public static SortedMap<String, String> schemas() {
        SortedMap<String, String> fingerprints = new TreeMap<>();
        for (Schema schema : KnownSchemas.WRITTEN) {
            fingerprints.put(
                    schema.getName(), HexFormat.of().toHexDigits(SchemaNormalization.parsingFingerprint64(schema)));
        }
        return fingerprints;
    }
}
