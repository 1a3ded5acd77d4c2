package org.bandpass.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A Python with torch and transformers that does the same work on the same folder when asked; idle in between. */
final class PythonRival implements AutoCloseable {

    /**
     * One measurement.
     *
     * @param seconds wall time
     * @param meanNll nats per token that it computed
     */
    record Run(double seconds, double meanNll) {}

    private final Path script;
    private final Process process;
    private final PrintWriter to;
    private final BufferedReader from;

    /**
     * Starts it and waits until its model is loaded.
     *
     * @param mode score or train
     */
    PythonRival(String python, String mode, Path folder, String dtype, int[][] rows) throws IOException {
        script = Files.createTempFile("bandpass-rival", ".py");
        try (InputStream source = Objects.requireNonNull(PythonRival.class.getResourceAsStream("rival.py"))) {
            Files.write(script, source.readAllBytes());
        }
        List<String> command = List.of(
                python,
                script.toString(),
                mode,
                folder.toString(),
                dtype,
                String.valueOf(rows.length),
                String.valueOf(rows[0].length - 1));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        to.println(Arrays.stream(rows)
                .flatMapToInt(Arrays::stream)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" ")));
        answer();
    }

    Run run() throws IOException {
        to.println("go");
        String[] answer = answer().split(" ", -1);
        return new Run(Double.parseDouble(answer[0]), Double.parseDouble(answer[1]));
    }

    private String answer() throws IOException {
        String line = from.readLine();
        if (line == null) {
            close();
            throw new IOException(
                    "Python ended without an answer; its output is above." + " It needs torch and transformers");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        to.close();
        process.destroy();
        Files.deleteIfExists(script);
    }
}
