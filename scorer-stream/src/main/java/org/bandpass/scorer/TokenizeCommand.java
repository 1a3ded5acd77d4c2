package org.bandpass.scorer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.sources.SourceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the token ids of texts, as the scorer makes them. */
@Command(
        name = "tokenize",
        description = {
            "Prints the token ids of each text of its input, without special tokens, as the scorer makes them.",
            "Files, folders, lists and URLs are read as ingest reads them. Without any, standard input is read: JSON"
                    + " objects, one a line, where the first line begins with '{', else a text a line."
        })
public final class TokenizeCommand implements Callable<Integer> {

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            required = true,
            description = "A tokenizer.json of HuggingFace's tokenizers, or a folder with one.")
    private Path tokenizer = Path.of("");

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        SourceTexts input = new SourceTexts(sources, false, spec.commandLine().getErr());
        try (TextTokenizer opened = ModelOpener.tokenizer(tokenizer)) {
            return new LineOutput(spec.commandLine().getOut(), json)
                    .print(
                            input,
                            line -> result(line.id(), ScoreText.ids(opened, Objects.requireNonNull(line.text()))));
        }
    }

    private Object result(String id, int[] ids) {
        return json
                ? LineOutput.object(id).putPOJO("ids", ids)
                : Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }
}
