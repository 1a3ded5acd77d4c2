package org.bandpass.ingest;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings of packing documents into sequences.
 *
 * @param tokens tokens of a sequence
 * @param tokenizer a {@code tokenizer.json}, or a folder with one
 * @param mostDomains domains that are packed separately
 * @param threads threads that tokenize, 0 for one per processor
 */
record SequenceSettings(int tokens, Path tokenizer, int mostDomains, int threads) {

    private static final String UNIT = "ingest.unit";
    private static final String TOKENS = "ingest.sequence.tokens";
    private static final String TOKENIZER = "ingest.sequence.tokenizer";
    private static final String THREADS = "ingest.sequence.threads";
    static final String DOMAINS = "ingest.sequence.max.domains";

    private static final String DOCUMENT = "document";
    private static final String SEQUENCE = "sequence";

    /** A token takes up to 5 bytes in Avro; the id of a document, 34 bytes, comes with at least 2 tokens. */
    private static final long MOST_TOKEN_BYTES = 5 + 34 / 2;

    private static final long FRAME_BYTES = 4 << 10;

    static void define(ConfigDef definition) {
        definition.define(
                UNIT,
                STRING,
                DOCUMENT,
                ValidString.in(DOCUMENT, SEQUENCE),
                HIGH,
                "What is scored and kept: document, or sequence, a fixed number of tokens packed from consecutive"
                        + " documents of one domain and split part. The same for a whole topic.");
        definition.define(TOKENS, INT, 2048, between(2, 1 << 20), HIGH, "Tokens of a sequence.");
        definition.define(TOKENIZER, STRING, "", HIGH, "The reference model's tokenizer.json, or a folder with one.");
        definition.define(
                DOMAINS,
                INT,
                256,
                between(1, 100_000),
                LOW,
                "Domains that are packed separately; documents of further domains share the domain '"
                        + SequenceRecords.SHARED_DOMAIN + "'.");
        definition.define(
                THREADS,
                INT,
                0,
                between(0, 1_000),
                LOW,
                "Threads that tokenize; 0: one per processor. The result does not depend on it.");
    }

    /**
     * Returns the settings, or null where whole documents are written.
     *
     * @param options options of the command line; they win over the settings
     * @throws ConfigurationException if a value is invalid
     */
    static @Nullable SequenceSettings of(Settings settings, SequenceOptions options) {
        String unit = options.unit == null ? settings.text(UNIT) : options.unit;
        if (unit.equals(DOCUMENT)) {
            if (options.tokens != null || options.tokenizer != null) {
                throw new ConfigurationException(
                        "--sequence-tokens and --tokenizer are for sequences: say --unit sequence too");
            }
            return null;
        }
        if (!unit.equals(SEQUENCE)) {
            throw new ConfigurationException("--unit is '" + DOCUMENT + "' or '" + SEQUENCE + "', not '" + unit + "'");
        }
        String tokenizer = options.tokenizer == null ? settings.text(TOKENIZER) : options.tokenizer;
        if (tokenizer.isBlank()) {
            throw new ConfigurationException("--unit sequence needs the tokenizer of the reference model: --tokenizer"
                    + " FILE, or the setting " + TOKENIZER);
        }
        return new SequenceSettings(
                tokens(settings, options), Path.of(tokenizer), settings.integer(DOMAINS), settings.integer(THREADS));
    }

    private static int tokens(Settings settings, SequenceOptions options) {
        int tokens = options.tokens == null ? settings.integer(TOKENS) : options.tokens;
        long most = Math.min(1 << 20, (settings.documentMaxBytes() - FRAME_BYTES) / MOST_TOKEN_BYTES);
        if (tokens < 2 || tokens > most) {
            throw new ConfigurationException(TOKENS + " is " + tokens + ", expected from 2 to " + most
                    + ", which always fit into document.max.bytes=" + settings.documentMaxBytes());
        }
        return tokens;
    }
}
