package org.bandpass.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Schemas by fingerprint (CRC-64-AVRO of the canonical form): every version that Bandpass has written, and the schemas
 * that a registry returned while records were read. Thread-safe.
 */
@NullMarked
public final class KnownSchemas {

    /** The records in topics, and SequenceRemainder, which is stored within IngestProgress. */
    public static final List<Schema> WRITTEN = List.of(
            Document.getClassSchema(),
            ScoredDocument.getClassSchema(),
            ScoreDigest.getClassSchema(),
            Cuts.getClassSchema(),
            Plan.getClassSchema(),
            TrainingRun.getClassSchema(),
            EvaluationResult.getClassSchema(),
            IngestProgress.getClassSchema(),
            DeadLetter.getClassSchema(),
            SequenceRemainder.getClassSchema());

    private static final Map<Long, Schema> BY_FINGERPRINT = new ConcurrentHashMap<>();
    /** Ids that a registry was asked for and does not know. */
    static final Set<Integer> UNKNOWN_IDS = ConcurrentHashMap.newKeySet();

    static {
        WRITTEN.forEach(schema -> versions(schema).forEach(KnownSchemas::add));
    }

    private KnownSchemas() {}

    public static @Nullable Schema find(long fingerprint) {
        return BY_FINGERPRINT.get(fingerprint);
    }

    /** Adds a schema and returns its fingerprint. */
    static long add(Schema schema) {
        long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        BY_FINGERPRINT.putIfAbsent(fingerprint, schema);
        return fingerprint;
    }

    /** Returns the versions of a record's schema, oldest first, the given one last. */
    public static List<Schema> versions(Schema current) {
        List<Schema> versions = history(current.getName());
        versions.removeIf(version ->
                SchemaNormalization.parsingFingerprint64(version) == SchemaNormalization.parsingFingerprint64(current));
        versions.add(current);
        return versions;
    }

    /** Returns the versions in the files {@code history/NAME-1.avsc} and so on, oldest first. */
    static List<Schema> history(String record) {
        List<Schema> versions = new ArrayList<>();
        while (true) {
            String file = "history/" + record + "-" + (versions.size() + 1) + ".avsc";
            try (InputStream in = KnownSchemas.class.getResourceAsStream(file)) {
                if (in == null) {
                    return versions;
                }
                versions.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException(file + " cannot be read", e);
            }
        }
    }
}
