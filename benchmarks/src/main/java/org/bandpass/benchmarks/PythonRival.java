package org.bandpass.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
     * @param mean of the numbers that it computed: nats per token, or what else the script says
     */
    record Run(double seconds, double mean) {}

    private final Path script;
    private final Process process;
    private final PrintWriter to;
    private final BufferedReader from;

    /**
     * Starts it and waits until its model is loaded.
     *
     * @param name of the script beside this class
     * @param arguments of the script
     * @param input its first line
     */
    PythonRival(String python, String name, List<String> arguments, String input) throws IOException {
        script = Files.createTempFile("bandpass-rival", ".py");
        try (InputStream source = Objects.requireNonNull(PythonRival.class.getResourceAsStream(name))) {
            Files.write(script, source.readAllBytes());
        }
        List<String> command = new ArrayList<>(List.of(python, script.toString()));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        to.println(input);
        answer();
    }

    /**
     * Starts one that scores or trains on a batch.
     *
     * @param mode score or train
     */
    static PythonRival ofBatch(String python, String mode, Path folder, String dtype, int[][] rows) throws IOException {
        List<String> arguments = List.of(
                mode, folder.toString(), dtype, String.valueOf(rows.length), String.valueOf(rows[0].length - 1));
        String ids = Arrays.stream(rows)
                .flatMapToInt(Arrays::stream)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" "));
        return new PythonRival(python, "rival.py", arguments, ids);
    }

    /**
     * Lets it do the work once.
     *
     * @param what which work, where the script knows several
     */
    Run run(String what) throws IOException {
        to.println(what);
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
