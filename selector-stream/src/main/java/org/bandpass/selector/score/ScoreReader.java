package org.bandpass.selector.score;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.KnownSchemas;
import org.bandpass.schemas.Score;
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
        DTYPE("score.dtype"),
        MAX_WINDOWS("score.maxWindows"),
        CONTEXT_TOKEN("score.contextToken"),
        SOURCE("document.source"),
        DOMAIN("document.domain"),
        LANGUAGE("document.language");

        private final String path;

        Taken(String path) {
            this.path = path;
        }

        static @Nullable Taken of(String path) {
            return Arrays.stream(values())
                    .filter(taken -> taken.path.equals(path))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** One field in the writer's order, skipped if {@code taken} is null. */
    private record Step(Schema schema, @Nullable Taken taken) {}

    private final Map<Long, List<Step>> scans = new HashMap<>();
    private final Map<Utf8, String> words = new HashMap<>();
    private final Utf8 modelRevision = new Utf8();
    private final Utf8 source = new Utf8();
    private final Utf8 domain = new Utf8();
    private final Utf8 language = new Utf8();
    private final AvroSerde<ScoredDocument> whole = AvroSerde.of(ScoredDocument.class);
    private final Utf8 dtype = new Utf8();
    // Nearly every record has the origin of the one before.
    private ScoreOrigin lastOrigin = new ScoreOrigin(null, null, null);
    private String lastOriginWords = lastOrigin.words();
    private @Nullable Integer maxWindows;
    private @Nullable Integer contextToken;
    private @Nullable BinaryDecoder decoder;
    private int recordLength;
    private boolean hasLanguage;
    private double nats;
    private long tokens;
    private long bytes;

    public ScoreReader() {
        for (Schema version : KnownSchemas.versions(ScoredDocument.getClassSchema())) {
            scans.put(SchemaNormalization.parsingFingerprint64(version), scan(version));
        }
    }

    /**
     * Reads a record.
     *
     * @throws RefusedScore if it is none, or its score is no finite number
     * @throws UnknownSchemaException if its schema is unknown
     */
    public void read(byte @Nullable [] value) {
        if (value == null) {
            throw new RefusedScore(Reason.UNREADABLE, "the record has no value", null);
        }
        List<Step> scan = scanOf(value);
        hasLanguage = false;
        dtype.setByteLength(0);
        maxWindows = null;
        contextToken = null;
        if (scan == null) {
            readWhole(value);
        } else {
            read(value, scan);
        }
        if (!Double.isFinite(nats) || tokens < 1) {
            throw new RefusedScore(
                    Reason.NON_FINITE, "nats " + nats + " over " + tokens + " tokens are no score", null);
        }
    }

    /**
     * Reads a record of a topic, for commands that look at all of them; returns false for a dead letter.
     *
     * @throws ProgramFailure if its schema is unknown and its position may not become a dead letter
     */
    public boolean reads(ConsumerRecord<byte[], byte[]> record, DeadLetterPositions positions) {
        try {
            read(record.value());
            return true;
        } catch (RefusedScore e) {
            // A dead letter of both programs; it is in no population.
            return false;
        } catch (UnknownSchemaException e) {
            if (positions.contains(record.topic(), record.partition(), record.offset())) {
                return false;
            }
            throw new ProgramFailure(e.at(record.topic(), record.partition(), record.offset()), e);
        }
    }

    private void read(byte[] value, List<Step> scan) {
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
    }

    private @Nullable List<Step> scanOf(byte[] value) {
        if (value.length < HEADER || value[0] != MARKER[0] || value[1] != MARKER[1]) {
            return null;
        }
        return scans.get(ByteBuffer.wrap(value, MARKER.length, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong());
    }

    /** Reads a record whose schema is not among those of this version: a registry may have delivered it. */
    private void readWhole(byte[] value) {
        ScoredDocument read;
        try {
            read = whole.read(value);
        } catch (UnknownSchemaException e) {
            throw e;
        } catch (SerializationException e) {
            throw new RefusedScore(Reason.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
        Score score = read.getScore();
        nats = score.getNats();
        tokens = score.getTokens();
        bytes = score.getBytes();
        modelRevision.set(score.getModelRevision());
        dtype.set(score.getDtype() == null ? "" : score.getDtype());
        maxWindows = score.getMaxWindows();
        contextToken = score.getContextToken();
        Document document = read.getDocument();
        source.set(document.getSource());
        domain.set(document.getDomain());
        hasLanguage = document.getLanguage() != null;
        language.set(hasLanguage ? document.getLanguage() : "");
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
            case DTYPE, MAX_WINDOWS, CONTEXT_TOKEN, LANGUAGE -> {
                if (isPresent(step, in)) {
                    takePresent(taken, in);
                }
            }
        }
    }

    private void takePresent(Taken taken, BinaryDecoder in) throws IOException {
        switch (taken) {
            case MAX_WINDOWS -> maxWindows = in.readInt();
            case CONTEXT_TOKEN -> contextToken = in.readInt();
            case DTYPE -> readWord(in, dtype);
            default -> {
                hasLanguage = true;
                readWord(in, language);
            }
        }
    }

    private static boolean isPresent(Step step, BinaryDecoder in) throws IOException {
        return step.schema().getTypes().get(in.readIndex()).getType() != Schema.Type.NULL;
    }

    /** A length beyond the record is refused: a broken one could claim gigabytes. */
    private void readWord(BinaryDecoder in, Utf8 into) throws IOException {
        long length = in.readLong();
        if (length < 0 || length > recordLength) {
            throw new EOFException("a text of " + length + " bytes");
        }
        into.setByteLength((int) length);
        in.readFixed(into.getBytes(), 0, (int) length);
    }

    /** Returns nats per token. Minus zero would sort before zero, which it equals. */
    public double meanNll() {
        return nats / tokens + 0.0;
    }

    /** Returns the number of scored tokens. */
    public long tokens() {
        return tokens;
    }

    /** Returns the UTF-8 bytes that the scored tokens cover. */
    public long bytes() {
        return bytes;
    }

    /** Returns the revision of the model that scored. */
    public String modelRevision() {
        return word(modelRevision);
    }

    /** Returns how the score was made, beside the model; empty where that was not recorded. */
    public String origin() {
        ScoreOrigin origin = new ScoreOrigin(dtype.getByteLength() == 0 ? null : word(dtype), maxWindows, contextToken);
        if (!origin.equals(lastOrigin)) {
            lastOrigin = origin;
            lastOriginWords = origin.words();
        }
        return lastOriginWords;
    }

    /** Returns the document's domain. */
    public String domain() {
        return word(domain);
    }

    /** Returns the stratum that the document belongs to. */
    public String stratum(Stratification stratification) {
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
