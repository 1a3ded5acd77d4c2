package org.bandpass.ingest;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the command about sequences; each wins over its setting. */
final class SequenceOptions {

    @Option(
            names = "--unit",
            paramLabel = "document|sequence",
            description =
                    "What is scored and kept (setting ingest.unit; default: document). A sequence is a fixed number"
                            + " of tokens packed from consecutive documents of one domain and split part.")
    @Nullable
    String unit;

    @Option(
            names = "--sequence-tokens",
            paramLabel = "N",
            description = "Tokens of a sequence (setting ingest.sequence.tokens; default: 2048).")
    @Nullable
    Integer tokens;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "tokenizer.json, or a folder with one, that makes the tokens of sequences (setting"
                    + " ingest.sequence.tokenizer). Use the reference model's: the scorer refuses any other.")
    @Nullable
    String tokenizer;
}
