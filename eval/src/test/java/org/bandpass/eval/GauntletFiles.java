package org.bandpass.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.Profile;
import org.jspecify.annotations.Nullable;

/** A small profile with its data: 7 questions of two choices in two categories, 200 of language modelling, a task without a file. */
final class GauntletFiles {

    private static final String PROFILE = """
            {"name": "small", "version": "2", "average": "categories", "tasks": [
              {"label": "sums", "category": "numbers", "type": "multiple_choice", "shots": 1, "baseline": 0.5,
               "by_category": true, "file": {"paths": ["local_data/sums.jsonl"], "exact": "git:%1$s"}},
              {"label": "sky", "category": "nature", "type": "language_modeling", "shots": 0, "baseline": 0,
               "file": {"paths": ["local_data/sky.jsonl"], "exact": "git:%1$s"}},
              {"label": "gone", "category": "nature", "type": "schema", "shots": 0, "baseline": 0.5,
               "file": {"paths": ["local_data/gone.jsonl"], "exact": "git:%1$s"}}]}
            """.formatted("0".repeat(40));

    private GauntletFiles() {}

    /** Writes the files to a folder. */
    static void write(Path folder) throws IOException {
        Path local = Files.createDirectories(folder.resolve("local_data"));
        Files.writeString(folder.resolve("small.json"), PROFILE);
        writeSums(folder, "even");
        List<String> sky = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sky.add("{\"context\": \"At " + i + " the sky is\", \"continuation\": \"blue" + i + "\"}");
        }
        Files.write(local.resolve("sky.jsonl"), sky);
    }

    /** Writes the questions with a name for the first category. */
    static void writeSums(Path folder, String first) throws IOException {
        List<String> sums = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            sums.add("{\"category\": \"" + (i % 2 == 0 ? first : "odd") + "\", \"query\": \"" + i
                    + "+1?\", \"choices\": [\"" + (i + 1) + "\", \"" + i + "\"], \"gold\": " + i % 2 + "}");
        }
        Files.write(folder.resolve("local_data/sums.jsonl"), sums);
    }

    static Gauntlet open(Path folder, @Nullable Integer limit) {
        Profile profile = Profile.named(folder.resolve("small.json").toString());
        return new Gauntlet(profile, profile, DataFolder.of(folder), limit);
    }

    static Gauntlet written(Path folder) {
        try {
            write(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open(folder, null);
    }
}
