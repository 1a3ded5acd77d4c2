package org.bandpass.eval.folder;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of an evaluation of a model folder, which goes to files in place of a topic. */
public final class FolderOptions {

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "With --model and without --once: write evaluation.json, evaluation.txt and rows.jsonl there.")
    private @Nullable Path out;

    @Option(
            names = "--rows",
            paramLabel = "FILE",
            description =
                    "With --model and without --once: write every row there, a JSON object a line: prompt, answers,"
                            + " likelihoods.")
    private @Nullable Path rows;

    public @Nullable Path out() {
        return out;
    }

    public @Nullable Path rows() {
        return rows;
    }

    public boolean given() {
        return out != null || rows != null;
    }
}
