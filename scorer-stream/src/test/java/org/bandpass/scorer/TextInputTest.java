package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextInputTest {

    @TempDir
    private Path folder;

    @Test
    void refusesAFileNamedJsonThatHasNoObjectALine() throws IOException {
        for (String content : List.of("[{\"text\":\"a\"}]", "[\n{\"text\":\"a\"},\n{\"text\":\"b\"}\n]", "words")) {
            for (String name : List.of("a.json", "a.JSONL", "a.ndjson")) {
                Path file = Files.writeString(folder.resolve(name), content);
                assertThatThrownBy(() -> read(file))
                        .isInstanceOf(ProgramFailure.class)
                        .hasMessageContaining(name)
                        .hasMessageContaining("one object a line");
            }
        }
        assertThat(read(Files.writeString(folder.resolve("a.txt"), "[1] words\n")))
                .containsExactly("[1] words");
        assertThat(read(Files.writeString(folder.resolve("b.json"), "\n{\"text\":\"a\"}\n")))
                .containsExactly("a");
    }

    private static List<String> read(Path file) {
        List<String> texts = new ArrayList<>();
        new TextInput(List.of(file.toString())).read(new TextInput.Visitor() {
            @Override
            public void visit(TextLine line) {
                texts.add(String.valueOf(line.text()));
            }

            @Override
            public void refuse(RefusedLineException refused) {
                throw refused;
            }
        });
        return texts;
    }
}
