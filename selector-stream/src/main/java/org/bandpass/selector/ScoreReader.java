package org.bandpass.selector;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.bandpass.schemas.KnownSchemas;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.selector.RefusedScore.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a scored document what selection needs, and stops before the text: a scan over the writer's schema that
 * skips what lies between. Holds the last record read; one thread at a time.
 */
final class ScoreReader {

    /** Marker of Avro's single-object encoding, then the schema's fingerprint, little-endian. */
    private static final int HEADER = 10;

    private static final byte[] MARKER = {(byte) 0xC3, 0x01};
    private static final int LARGEST_CACHE = 10_000;

    /** What is taken from a record. */
    private enum Taken {
        NATS("score.nats"),
        TOKENS("score.tokens"),
        BYTES("score.bytes"),
        MODEL_REVISION("score.modelRevision"),
        SOURCE("document.source"),
        DOMAIN("document.domain"),
        LANGUAGE("document.language");

        private final String path;

        Taken(String path) {
            this.path = path;
        }

        static @Nullable Taken of(String path) {
            for (Taken taken : values()) {
                if (taken.path.equals(path)) {
                    return taken;
                }
            }
            return null;
        }
    }

    /** One field in the writer's order: taken, or passed over when {@code taken} is null. */
    private record Step(Schema schema, @Nullable Taken taken) {}

    private final Map<Long, List<Step>> scans = new HashMap<>();
    private final Map<Utf8, String> words = new HashMap<>();
    private final Utf8 modelRevision = new Utf8();
    private final Utf8 source = new Utf8();
    private final Utf8 domain = new Utf8();
    private final Utf8 language = new Utf8();
    private @Nullable BinaryDecoder decoder;
    private int recordLength;
    private boolean hasLanguage;
    private double nats;
    private long tokens;
    private long bytes;

    ScoreReader() {
        for (Schema version : KnownSchemas.versions(ScoredDocument.getClassSchema())) {
            scans.put(SchemaNormalization.parsingFingerprint64(version), scan(version));
        }
    }

    /**
     * Reads a record.
     *
     * @throws RefusedScore if it is none, or its score is no finite number
     */
    void read(byte @Nullable [] value) {
        if (value == null) {
            throw new RefusedScore(Reason.UNREADABLE, "the record has no value", null);
        }
        List<Step> scan = scanOf(value);
        hasLanguage = false;
        recordLength = value.length;
        try {
            decoder = DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, decoder);
            for (Step step : scan) {
                take(step, decoder);
            }
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException | UnsupportedOperationException e) {
            throw new RefusedScore(
                    Reason.UNREADABLE, "these " + value.length + " bytes end or err before the score does", e);
        }
        if (!Double.isFinite(nats) || tokens < 1) {
            throw new RefusedScore(
                    Reason.NON_FINITE, "nats " + nats + " over " + tokens + " tokens are no score", null);
        }
    }

    private List<Step> scanOf(byte[] value) {
        if (value.length < HEADER || value[0] != MARKER[0] || value[1] != MARKER[1]) {
            throw new RefusedScore(
                    Reason.UNREADABLE,
                    "these " + value.length + " bytes are no record in single-object encoding",
                    null);
        }
        long fingerprint = ByteBuffer.wrap(value, MARKER.length, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        List<Step> scan = scans.get(fingerprint);
        if (scan == null) {
            throw new RefusedScore(
                    Reason.UNREADABLE,
                    "the schema with fingerprint " + Long.toHexString(fingerprint) + " is not known",
                    null);
        }
        return scan;
    }

    private void take(Step step, BinaryDecoder in) throws IOException {
        Taken taken = step.taken();
        if (taken == null) {
            GenericDatumReader.skip(step.schema(), in);
            return;
        }
        switch (taken) {
            case NATS -> nats = in.readDouble();
            case TOKENS -> tokens = in.readLong();
            case BYTES -> bytes = in.readLong();
            case MODEL_REVISION -> readWord(in, modelRevision);
            case SOURCE -> readWord(in, source);
            case DOMAIN -> readWord(in, domain);
            case LANGUAGE -> {
                hasLanguage = step.schema().getTypes().get(in.readIndex()).getType() == Schema.Type.STRING;
                if (hasLanguage) {
                    readWord(in, language);
                }
            }
        }
    }

    /** A length is believed only as far as there are bytes; a broken one would claim gigabytes. */
    private void readWord(BinaryDecoder in, Utf8 into) throws IOException {
        long length = in.readLong();
        if (length < 0 || length > recordLength) {
            throw new EOFException("a text of " + length + " bytes");
        }
        into.setByteLength((int) length);
        in.readFixed(into.getBytes(), 0, (int) length);
    }

    /** Returns nats per token. Minus zero would sort before zero, which it equals. */
    double meanNll() {
        return nats / tokens + 0.0;
    }

    /** Returns the number of scored tokens. */
    long tokens() {
        return tokens;
    }

    /** Returns the UTF-8 bytes that the scored tokens cover. */
    long bytes() {
        return bytes;
    }

    /** Returns the revision of the model that scored. */
    String modelRevision() {
        return word(modelRevision);
    }

    /** Returns the document's domain. */
    String domain() {
        return word(domain);
    }

    /** Returns the stratum that the document belongs to. */
    String stratum(Stratification stratification) {
        return switch (stratification) {
            case ALL -> Stratification.ALL_SCORES;
            case DOMAIN -> stratification.stratum(word(domain));
            case SOURCE -> stratification.stratum(word(source));
            case LANGUAGE -> stratification.stratum(hasLanguage ? word(language) : null);
        };
    }

    private String word(Utf8 utf8) {
        String known = words.get(utf8);
        if (known != null) {
            return known;
        }
        if (words.size() >= LARGEST_CACHE) {
            words.clear();
        }
        String word = utf8.toString();
        words.put(new Utf8(utf8), word);
        return word;
    }

    private static List<Step> scan(Schema written) {
        List<Step> steps = new ArrayList<>();
        int last = 0;
        for (Schema.Field part : written.getFields()) {
            boolean opened = part.name().equals("score") || part.name().equals("document");
            if (!opened) {
                steps.add(new Step(part.schema(), null));
                continue;
            }
            for (Schema.Field field : part.schema().getFields()) {
                Taken taken = Taken.of(part.name() + "." + field.name());
                steps.add(new Step(field.schema(), taken));
                last = taken == null ? last : steps.size();
            }
        }
        return List.copyOf(steps.subList(0, last));
    }
}
