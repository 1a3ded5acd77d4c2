package org.bandpass.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bandpass.cli.Experiment.Stage;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;
import picocli.CommandLine;

/** Executes stages one after the other and files their output; a filed stage is not repeated. */
final class StageRunner {

    private final Path folder;
    private final int stages;
    private final Map<String, String> environment;
    private int number;

    /** Makes a runner that files its summaries, one JSON object per stage, in the folder. */
    StageRunner(Path folder, int stages, Map<String, String> environment) {
        this.folder = folder;
        this.stages = stages;
        this.environment = environment;
    }

    /** Executes a stage unless it is done; returns its exit code, 0 if it is done. */
    int run(Stage stage) throws IOException {
        number++;
        Path file = folder.resolve(stage.name() + ".json");
        boolean done = Files.exists(file);
        System.err.printf("%n%2d/%d  %s%s%n", number, stages, stage.title(), done ? " (done before)" : "");
        if (done) {
            return 0;
        }
        if (!stage.isFiled()) {
            System.err.println();
            return execute(stage, new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        }
        StringWriter output = new StringWriter();
        long began = System.nanoTime();
        int code = execute(stage, new PrintWriter(output));
        if (!output.toString().contains("\"seconds\"")) {
            // The report shows the seconds of every stage, and this program does not print its own.
            output.append("{\"seconds\": " + (System.nanoTime() - began) / 1e9 + "}\n");
        }
        if (code == 0) {
            Files.createDirectories(folder);
            Path unfinished = folder.resolve(stage.name() + ".unfinished");
            Files.writeString(unfinished, output.toString());
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return code;
    }

    private int execute(Stage stage, PrintWriter out) {
        List<String> arguments = new ArrayList<>(stage.arguments());
        Path training = stage.folder();
        if (training != null && Files.isDirectory(training) && !isEmpty(training)) {
            arguments.add("--resume");
        }
        CommandLine line = Bandpass.commandLine(environment);
        line.setOut(out);
        int code = line.execute(arguments.toArray(String[]::new));
        out.flush();
        return code;
    }

    /** Returns whether a folder holds nothing but a lock, which is taken first. */
    static boolean isEmpty(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.allMatch(entry -> entry.endsWith(FolderLock.FILE));
        } catch (IOException e) {
            throw new ProgramFailure("cannot read the folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
