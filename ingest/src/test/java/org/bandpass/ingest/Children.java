package org.bandpass.ingest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import picocli.CommandLine;

/** Ingests in child processes, which never outlive their test. */
final class Children implements AutoCloseable {

    private final List<Process> started = new CopyOnWriteArrayList<>();

    /** Starts the command with arguments as typed; its output goes to a file. */
    Process start(Path log, List<String> arguments) throws IOException {
        ProcessBuilder builder = command(List.of(), arguments);
        return start(builder.redirectErrorStream(true).redirectOutput(log.toFile()));
    }

    /** Starts the command in a JVM with these options; standard output and error go to a file each. */
    Process start(List<String> options, File lines, File talk, List<String> arguments) throws IOException {
        return start(command(options, arguments).redirectOutput(lines).redirectError(talk));
    }

    /** Starts the command in a folder. */
    Process startIn(Path folder, Path log, List<String> arguments) throws IOException {
        ProcessBuilder builder = command(List.of(), arguments).directory(folder.toFile());
        return start(builder.redirectErrorStream(true).redirectOutput(log.toFile()));
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static ProcessBuilder command(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Children.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** Kills the remaining processes and waits for their end, after which their files can be deleted. */
    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        started.forEach(process -> process.onExit().join());
    }

    /** The child. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new IngestCommand()).execute(arguments));
    }
}
