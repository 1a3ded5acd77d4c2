package org.bandpass.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void drawsABarOnATerminal() {
        try (Progress progress = Progress.on(out, true, "scoring", "documents", 200)) {
            progress.at(200);
        }

        assertThat(said())
                .contains("scoring", "█".repeat(24), "100 %", "200/200 documents")
                .endsWith("\n");
    }

    @Test
    void writesPlainLinesElsewhere() {
        try (Progress progress = Progress.on(out, false, "scoring", "documents", 0)) {
            progress.add(3);
            progress.add(4);
        }

        assertThat(said()).startsWith("scoring").contains("7 documents").doesNotContain("\r", "\u001b");
        assertThat(said().lines()).hasSize(1);
    }

    @Test
    void formatsDurations() {
        assertThat(Progress.duration(8.2)).isEqualTo("8 s");
        assertThat(Progress.duration(185)).isEqualTo("3 min 05 s");
        assertThat(Progress.duration(7_800)).isEqualTo("2 h 10 min");
    }
}
