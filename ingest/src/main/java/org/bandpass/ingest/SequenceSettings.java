package org.bandpass.ingest;

import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings of packing; there are none where documents stay as they are.
 *
 * @param tokens tokens of a sequence
 * @param tokenizer a {@code tokenizer.json}, or a folder with one
 * @param mostDomains domains that have packers of their own
 * @param threads threads that make tokens, 0 for one each processor
 */
record SequenceSettings(int tokens, Path tokenizer, int mostDomains, int threads) {

    static final String UNIT = "ingest.unit";
    static final String TOKENS = "ingest.sequence.tokens";
    static final String TOKENIZER = "ingest.sequence.tokenizer";
    static final String THREADS = "ingest.sequence.threads";
    static final String DOMAINS = "ingest.sequence.max.domains";

    private static final String DOCUMENT = "document";
    private static final String SEQUENCE = "sequence";

    /** A token is five bytes of Avro at most; a token and an end of text make the shortest document, 34 bytes of id. */
    private static final long MOST_TOKEN_BYTES = 5 + 34 / 2;

    private static final long FRAME_BYTES = 4 << 10;

    static void define(ConfigDef definition) {
        definition
                .define(
                        UNIT,
                        Type.STRING,
                        DOCUMENT,
                        ValidString.in(DOCUMENT, SEQUENCE),
                        Importance.HIGH,
                        "What is scored and kept: document, or sequence, a fixed number of tokens packed from"
                                + " consecutive documents of one domain and split part; the same for a whole topic.")
                .define(TOKENS, Type.INT, 2048, Range.between(2, 1 << 20), Importance.HIGH, "Tokens of a sequence.")
                .define(
                        TOKENIZER,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "tokenizer.json, or a folder with one, by which sequences are made; the reference model's.")
                .define(
                        DOMAINS,
                        Type.INT,
                        256,
                        Range.between(1, 100_000),
                        Importance.LOW,
                        "Domains that are packed each by itself; documents of further ones share the domain '"
                                + SequenceRecords.SHARED_DOMAIN + "'.")
                .define(
                        THREADS,
                        Type.INT,
                        0,
                        Range.between(0, 1_000),
                        Importance.LOW,
                        "Threads that make tokens; 0 takes one each processor. What comes out does not depend on it.");
    }

    /**
     * Returns the settings, or null where documents stay as they are.
     *
     * @param options what the command line says; wins
     * @throws ConfigurationException if a value is invalid
     */
    static @Nullable SequenceSettings of(Settings settings, SequenceOptions options) {
        String unit = options.unit() == null ? settings.text(UNIT) : options.unit();
        if (unit.equals(DOCUMENT)) {
            if (options.tokens() != null || options.tokenizer() != null) {
                throw new ConfigurationException(
                        "--sequence-tokens and --tokenizer are for sequences: say --unit sequence too");
            }
            return null;
        }
        if (!unit.equals(SEQUENCE)) {
            throw new ConfigurationException("--unit is '" + DOCUMENT + "' or '" + SEQUENCE + "', not '" + unit + "'");
        }
        String tokenizer = options.tokenizer() == null ? settings.text(TOKENIZER) : options.tokenizer();
        if (tokenizer.isBlank()) {
            throw new ConfigurationException("--unit sequence needs the tokenizer of the reference model: --tokenizer"
                    + " FILE, or the setting " + TOKENIZER);
        }
        return new SequenceSettings(
                tokens(settings, options), Path.of(tokenizer), settings.integer(DOMAINS), settings.integer(THREADS));
    }

    private static int tokens(Settings settings, SequenceOptions options) {
        int tokens = options.tokens() == null ? settings.integer(TOKENS) : options.tokens();
        long most = Math.min(1 << 20, (settings.documentMaxBytes() - FRAME_BYTES) / MOST_TOKEN_BYTES);
        if (tokens < 2 || tokens > most) {
            throw new ConfigurationException(TOKENS + " is " + tokens + ", expected from 2 to " + most
                    + ", which always fit into document.max.bytes=" + settings.documentMaxBytes());
        }
        return tokens;
    }
}
