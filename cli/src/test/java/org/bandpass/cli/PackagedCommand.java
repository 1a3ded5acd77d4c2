package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged command in a separate process, as a person or a pod runs it. */
final class PackagedCommand {

    static final Path ROOT =
            Path.of(System.getProperty("bandpass.root", "..")).toAbsolutePath().normalize();

    /** The exit code and the output of a process. */
    record Ended(int code, String out, String err) {

        /** Returns stdout; requires success. */
        String done() {
            assertThat(code).as(err).isZero();
            return out;
        }
    }

    private PackagedCommand() {}

    /** Returns the words that start the command. */
    static List<String> words() {
        return List.of(
                ROOT.resolve("docker/launch").toString(),
                ROOT.resolve("cli/target").toString());
    }

    static Ended run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(words());
        command.addAll(List.of(arguments));
        return execute(new ProcessBuilder(command), folder);
    }

    /** Starts, waits at most an hour, and returns both streams. */
    static Ended execute(ProcessBuilder builder, Path folder) throws IOException, InterruptedException {
        File out = Files.createTempFile(folder, "said", ".out").toFile();
        File err = Files.createTempFile(folder, "said", ".err").toFile();
        Process process = builder.redirectOutput(out).redirectError(err).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.MINUTES))
                    .as("ended in time")
                    .isTrue();
        } finally {
            // Otherwise the programs of a script would continue without it.
            List<ProcessHandle> descendants = process.descendants().toList();
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
        return new Ended(process.exitValue(), read(out), read(err));
    }

    private static String read(File file) throws IOException {
        return Files.readString(file.toPath(), StandardCharsets.UTF_8);
    }
}
