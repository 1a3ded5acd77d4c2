package org.bandpass.selector.score;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.KnownSchemas;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.selector.score.RefusedScore.Reason;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Reads what selection needs of a scored document and stops before the text: scans the fields in the order of the
 * writer's schema and skips the others. Holds the last record read; one thread at a time.
 */
public final class ScoreReader {

    /** Origin of a score that does not record it. */
    public static final String ORIGIN_NOT_RECORDED = "";

    /** Marker of Avro's single-object encoding, then the schema's fingerprint, little-endian. */
    private static final int HEADER = 10;

    private static final byte[] MARKER = {(byte) 0xC3, 0x01};
    private static final int LARGEST_CACHE = 10_000;

    /** Fields that are read. */
    private enum Field {
        NATS("score.nats"),
        TOKENS("score.tokens"),
        BYTES("score.bytes"),
        MODEL_REVISION("score.modelRevision"),
        DTYPE("score.dtype"),
        MAX_WINDOWS("score.maxWindows"),
        CONTEXT_TOKEN("score.contextToken"),
        SOURCE("document.source"),
        DOMAIN("document.domain"),
        LANGUAGE("document.language");

        private final String path;

        Field(String path) {
            this.path = path;
        }

        static @Nullable Field of(String path) {
            return Arrays.stream(values())
                    .filter(field -> field.path.equals(path))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** One field in the writer's order, skipped if {@code field} is null. */
    private record Step(Schema schema, @Nullable Field field) {}

    /** How a score was made, apart from its model; null where it was not recorded. */
    private record Origin(
            @Nullable String dtype,
            @Nullable Integer maxWindows,
            @Nullable Integer contextToken) {

        String words() {
            return dtype == null && maxWindows == null && contextToken == null
                    ? ORIGIN_NOT_RECORDED
                    : "dtype " + (dtype == null ? "?" : dtype) + ", max.windows "
                            + (maxWindows == null ? "?" : maxWindows) + ", context token "
                            + (contextToken == null ? "?" : contextToken);
        }
    }

    private final AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
    private final Map<Long, List<Step>> scans = new HashMap<>();
    private final Map<Utf8, String> words = new HashMap<>();
    /** Empty where the record has none. */
    private final Map<Field, Utf8> texts = new EnumMap<>(Field.class);

    // Nearly every record has the origin of the one before.
    private Origin lastOrigin = new Origin(null, null, null);
    private String lastOriginWords = ORIGIN_NOT_RECORDED;
    private @Nullable Integer maxWindows;
    private @Nullable Integer contextToken;
    private @Nullable BinaryDecoder decoder;
    private double nats;
    private long tokens;
    private long bytes;

    public ScoreReader() {
        for (Schema version : KnownSchemas.versions(ScoredDocument.getClassSchema())) {
            scans.put(SchemaNormalization.parsingFingerprint64(version), scan(version));
        }
    }

    private static List<Step> scan(Schema written) {
        List<Step> steps = new ArrayList<>();
        int last = 0;
        for (Schema.Field part : written.getFields()) {
            if (!part.name().equals("score") && !part.name().equals("document")) {
                steps.add(new Step(part.schema(), null));
                continue;
            }
            for (Schema.Field field : part.schema().getFields()) {
                Field read = Field.of(part.name() + "." + field.name());
                steps.add(new Step(field.schema(), read));
                last = read == null ? last : steps.size();
            }
        }
        return List.copyOf(steps.subList(0, last));
    }

    /**
     * Reads a record.
     *
     * @throws RefusedScore if it is not a scored document, or its score is not a finite number
     * @throws UnknownSchemaException if its schema is unknown
     */
    public void read(byte @Nullable [] value) {
        if (value == null) {
            throw new RefusedScore(Reason.UNREADABLE, "the record has no value", null);
        }
        List<Step> scan = scanOf(value);
        if (scan == null) {
            byte[] rewritten = rewritten(value);
            scan(rewritten, Objects.requireNonNull(scanOf(rewritten)));
        } else {
            scan(value, scan);
        }
        if (!Double.isFinite(nats) || tokens < 1) {
            throw new RefusedScore(
                    Reason.NON_FINITE, "nats " + nats + " over " + tokens + " tokens are no score", null);
        }
    }

    /**
     * Reads a record of a topic, for commands that read all of them; returns false for a dead letter.
     *
     * @throws ProgramFailure if its schema is unknown and its position may not become a dead letter
     */
    public boolean reads(ConsumerRecord<byte[], byte[]> record, DeadLetterPositions positions) {
        try {
            read(record.value());
            return true;
        } catch (RefusedScore e) {
            // A dead letter of both programs, which is in no population.
            return false;
        } catch (UnknownSchemaException e) {
            if (positions.contains(record.topic(), record.partition(), record.offset())) {
                return false;
            }
            throw new ProgramFailure(e.at(record.topic(), record.partition(), record.offset()), e);
        }
    }

    private @Nullable List<Step> scanOf(byte[] value) {
        if (value.length < HEADER || value[0] != MARKER[0] || value[1] != MARKER[1]) {
            return null;
        }
        return scans.get(ByteBuffer.wrap(value, MARKER.length, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong());
    }

    /** Converts a record with a schema of another version, which a registry may have provided, to this version's. */
    private byte[] rewritten(byte[] value) {
        try {
            return serde.write(serde.read(value));
        } catch (UnknownSchemaException e) {
            throw e;
        } catch (SerializationException e) {
            throw new RefusedScore(Reason.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private void scan(byte[] value, List<Step> steps) {
        texts.values().forEach(text -> text.setByteLength(0));
        maxWindows = null;
        contextToken = null;
        try {
            decoder = DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, decoder);
            for (Step step : steps) {
                Field field = step.field();
                if (field == null) {
                    GenericDatumReader.skip(step.schema(), decoder);
                } else if (!isNull(step.schema(), decoder)) {
                    read(field, decoder, value.length);
                }
            }
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException | UnsupportedOperationException e) {
            throw new RefusedScore(
                    Reason.UNREADABLE, "these " + value.length + " bytes end or err before the score does", e);
        }
    }

    private static boolean isNull(Schema schema, BinaryDecoder in) throws IOException {
        return schema.getType() == Schema.Type.UNION
                && schema.getTypes().get(in.readIndex()).getType() == Schema.Type.NULL;
    }

    private void read(Field field, BinaryDecoder in, int longest) throws IOException {
        switch (field) {
            case NATS -> nats = in.readDouble();
            case TOKENS -> tokens = in.readLong();
            case BYTES -> bytes = in.readLong();
            case MAX_WINDOWS -> maxWindows = in.readInt();
            case CONTEXT_TOKEN -> contextToken = in.readInt();
            default -> readText(in, texts.computeIfAbsent(field, f -> new Utf8()), longest);
        }
    }

    /** A damaged length could claim gigabytes. */
    private static void readText(BinaryDecoder in, Utf8 text, int longest) throws IOException {
        long length = in.readLong();
        if (length < 0 || length > longest) {
            throw new EOFException("a text of " + length + " bytes");
        }
        text.setByteLength((int) length);
        in.readFixed(text.getBytes(), 0, (int) length);
    }

    /** Returns nats per token. Minus zero would sort before zero, which it equals. */
    public double meanNll() {
        return nats / tokens + 0.0;
    }

    public long tokens() {
        return tokens;
    }

    /** Returns the UTF-8 bytes that the scored tokens cover. */
    public long bytes() {
        return bytes;
    }

    public String modelRevision() {
        return word(Field.MODEL_REVISION);
    }

    /** Returns how the score was made, apart from the model. */
    public String origin() {
        String dtype = word(Field.DTYPE);
        Origin origin = new Origin(dtype.isEmpty() ? null : dtype, maxWindows, contextToken);
        if (!origin.equals(lastOrigin)) {
            lastOrigin = origin;
            lastOriginWords = origin.words();
        }
        return lastOriginWords;
    }

    public String domain() {
        return word(Field.DOMAIN);
    }

    public String stratum(Stratification stratification) {
        return switch (stratification) {
            case ALL -> Stratification.ALL_SCORES;
            case DOMAIN -> stratification.stratum(domain());
            case SOURCE -> stratification.stratum(word(Field.SOURCE));
            case LANGUAGE -> stratification.stratum(word(Field.LANGUAGE));
        };
    }

    private String word(Field field) {
        Utf8 utf8 = texts.computeIfAbsent(field, f -> new Utf8());
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
}
