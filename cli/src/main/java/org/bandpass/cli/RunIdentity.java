package org.bandpass.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bandpass.service.ProgramFailure;

/** What identifies a run. It is written into the run's folder, so --resume cannot continue another run. */
record RunIdentity(List<String> inputs, List<String> bands, double rate, double minutes, long seed, int seeds) {

    private static final String FILE = "run.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Files of earlier versions do not name the number of seeds: there was one. */
    RunIdentity {
        seeds = Math.max(1, seeds);
    }

    void write(Path folder) throws IOException {
        Files.writeString(
                folder.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    static void requireIn(Path folder) {
        if (!Files.exists(folder.resolve(FILE))) {
            throw new ProgramFailure(
                    "the folder " + folder + " holds no run (no " + FILE + "); name another with --out");
        }
    }

    void requireSame(Path folder) throws IOException {
        requireIn(folder);
        Path file = folder.resolve(FILE);
        RunIdentity before = JSON.readValue(file.toFile(), RunIdentity.class);
        if (!before.equals(this)) {
            throw new ProgramFailure("the run in " + folder + " was begun with other settings (" + file
                    + " has them); repeat them, or name another folder with --out");
        }
    }
}
