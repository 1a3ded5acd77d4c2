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

    /**
     * Makes a runner.
     *
     * @param folder where summaries are filed, one JSON object per stage
     */
    StageRunner(Path folder, int stages, Map<String, String> environment) {
        this.folder = folder;
        this.stages = stages;
        this.environment = environment;
    }

    boolean isDone(Stage stage) {
        return Files.exists(file(stage.name()));
    }

    /** Executes a stage unless it was done; returns its exit code, 0 where it was done. */
    int run(Stage stage) throws IOException {
        number++;
        System.err.printf("%n%2d/%d  %s%s%n", number, stages, stage.title(), isDone(stage) ? " (done before)" : "");
        if (isDone(stage)) {
            return 0;
        }
        StringWriter output = new StringWriter();
        long began = System.nanoTime();
        int code = execute(stage.arguments(), new PrintWriter(output));
        if (!output.toString().contains("\"seconds\"")) {
            // A program that does not time itself is timed here, so that the table has every stage.
            output.append("{\"seconds\": " + (System.nanoTime() - began) / 1e9 + "}\n");
        }
        if (code == 0) {
            Files.createDirectories(folder);
            Path unfinished = folder.resolve(stage.name() + ".unfinished");
            Files.writeString(unfinished, output.toString());
            Files.move(
                    unfinished,
                    file(stage.name()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return code;
    }

    /** Executes a stage whose output goes to stdout. */
    int show(Stage stage) {
        number++;
        System.err.printf("%n%2d/%d  %s%n%n", number, stages, stage.title());
        return execute(stage.arguments(), new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    }

    private int execute(List<String> arguments, PrintWriter out) {
        CommandLine line = Bandpass.commandLine(environment);
        line.setOut(out);
        int code = line.execute(arguments.toArray(String[]::new));
        out.flush();
        return code;
    }

    private Path file(String stage) {
        return folder.resolve(stage + ".json");
    }

    /** Returns the stage with --resume when a training has begun in its folder. */
    static Stage resumed(Stage stage, Path runFolder) {
        if (!Files.isDirectory(runFolder) || isEmpty(runFolder)) {
            return stage;
        }
        List<String> arguments = new ArrayList<>(stage.arguments());
        arguments.add("--resume");
        return new Stage(stage.name(), stage.title(), arguments);
    }

    /** Returns whether a folder holds nothing but a lock, which is taken first. */
    static boolean isEmpty(Path folder) {
        try (java.util.stream.Stream<Path> entries = Files.list(folder)) {
            return entries.allMatch(entry -> entry.endsWith(FolderLock.FILE));
        } catch (IOException e) {
            throw new ProgramFailure("cannot read the folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
