package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that run until they are stopped, each in a separate process. */
final class RunningPrograms implements AutoCloseable {

    /** The exit code of the JVM after SIGTERM. */
    private static final int TERMINATED = 143;

    private final Path folder;
    private final Map<Process, Path> running = new LinkedHashMap<>();

    RunningPrograms(Path folder) {
        this.folder = folder;
    }

    Process start(List<String> kafka, String... words) throws IOException {
        List<String> command = new ArrayList<>(PackagedCommand.words());
        command.addAll(List.of(words));
        command.addAll(kafka);
        Path said = folder.resolve(words[0] + ".said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("BANDPASS_JAVA_OPTIONS", "-Xmx512m");
        Process process = builder.start();
        running.put(process, said);
        return process;
    }

    /** Returns what a program has printed on both streams. */
    String output(String program) throws IOException {
        return Files.readString(folder.resolve(program + ".said"));
    }

    /** Requires that all are running. */
    void check() throws IOException {
        for (Map.Entry<Process, Path> program : running.entrySet()) {
            assertThat(program.getKey().isAlive())
                    .as(Files.readString(program.getValue()))
                    .isTrue();
        }
    }

    /** Stops all and requires that they end. */
    void terminate() throws IOException, InterruptedException {
        running.keySet().forEach(Process::destroy);
        for (Map.Entry<Process, Path> program : running.entrySet()) {
            assertThat(program.getKey().waitFor(120, TimeUnit.SECONDS))
                    .as(Files.readString(program.getValue()))
                    .isTrue();
            assertThat(program.getKey().exitValue())
                    .as(Files.readString(program.getValue()))
                    .isIn(0, TERMINATED);
        }
    }

    @Override
    public void close() {
        running.keySet().forEach(Process::destroyForcibly);
    }
}
