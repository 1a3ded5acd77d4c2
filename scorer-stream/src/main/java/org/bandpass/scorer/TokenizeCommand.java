package org.bandpass.scorer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints token ids of texts, as the scorer makes them. */
@Command(
        name = "tokenize",
        description = {
            "Prints the token ids of each line of its input, without special tokens, as the scorer makes them.",
            "Lines are JSON objects with \"text\" (and perhaps \"id\") where the first begins with '{', plain text otherwise."
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

    @Parameters(paramLabel = "FILE", description = "Files; '-' or none is standard input.")
    private List<String> files = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        TextInput input = new TextInput(files);
        LineOutput output = new LineOutput(spec.commandLine().getOut(), json);
        try (TextTokenizer opened = ModelOpener.tokenizer(tokenizer)) {
            input.read(new TextInput.Visitor() {
                @Override
                public void visit(TextLine line) {
                    output.print(result(line.id(), ids(opened, line)));
                }

                @Override
                public void refuse(RefusedLineException refused) {
                    output.refuse(refused);
                }
            });
        }
        return output.finish();
    }

    private static int[] ids(TextTokenizer tokenizer, TextLine line) {
        String text = line.text();
        if (text == null) {
            throw new RefusedLineException(line.id(), "no-text", "the line has no \"text\"");
        }
        return ScoreText.ids(tokenizer, line.id(), text);
    }

    private Object result(String id, int[] ids) {
        if (!json) {
            return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        }
        ObjectNode object = LineOutput.object(id);
        ArrayNode array = object.putArray("ids");
        Arrays.stream(ids).forEach(array::add);
        return object;
    }
}
