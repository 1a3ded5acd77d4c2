package org.bandpass.eval.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.bandpass.schemas.KnownSchemas;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Versions and settings of the results, from the manifests of the training runs; docs/results.md explains the
 * components. Where runs differ, each value is there once. What no manifest names is null.
 */
public record Provenance(
        @Nullable String revision,
        @Nullable String version,
        SortedMap<String, String> settings,
        SortedMap<String, String> schemas,
        @Nullable String java,
        @Nullable String djl,
        @Nullable String kafka,
        @JsonIgnore @Nullable String processors,
        String modelRevision,
        @Nullable String tokenizerRevision,
        @Nullable Long seed) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Returns the provenance of some runs.
     *
     * @param folder the experiment's folder, whose run.json holds the options of {@code bandpass run}
     * @param scored one of the scored documents; null where nothing is scored
     */
    static Provenance of(List<RunResult> runs, Path folder, String modelRevision, @Nullable ScoredDocument scored) {
        SortedMap<String, Set<String>> programs = new TreeMap<>();
        SortedMap<String, Set<String>> settings = new TreeMap<>();
        for (RunResult run : runs) {
            JsonNode manifest = manifest(run);
            collect(manifest, "", programs);
            collect(manifest.path("settings"), "", settings);
        }
        collect(options(folder), "run.", settings);
        SortedMap<String, String> versions = joined(programs);
        return new Provenance(
                versions.get("revision"),
                versions.get("version"),
                joined(settings),
                fingerprints(),
                versions.get("java"),
                versions.get("djl"),
                versions.get("kafka"),
                versions.get("processors"),
                modelRevision,
                scored == null ? null : scored.getScore().getTokenizerRevision(),
                scored == null ? null : scored.getDocument().getSplit().getSeed());
    }

    /** A manifest is for people: a run whose manifest is not JSON has no provenance. */
    private static JsonNode manifest(RunResult run) {
        try {
            return JSON.readTree(run.run().getManifest());
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static JsonNode options(Path folder) {
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
                        .add(text(field.getValue())));
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static SortedMap<String, String> joined(SortedMap<String, Set<String>> values) {
        SortedMap<String, String> joined = new TreeMap<>();
        values.forEach((key, each) -> joined.put(key, String.join(" | ", each)));
        return joined;
    }

    private static SortedMap<String, String> fingerprints() {
        SortedMap<String, String> fingerprints = new TreeMap<>();
        for (Schema schema : KnownSchemas.WRITTEN) {
            fingerprints.put(
                    schema.getName(), HexFormat.of().toHexDigits(SchemaNormalization.parsingFingerprint64(schema)));
        }
        return fingerprints;
    }
}
