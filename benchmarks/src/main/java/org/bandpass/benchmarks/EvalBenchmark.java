package org.bandpass.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What computing a prompt once saves, and how evaluation compares with Python's transformers on the same rows. */
@Command(
        name = "eval",
        description = {
            "Evaluation: rows/s with each prompt computed once, of the plain way (each continuation with its whole prompt,"
                    + " each new token with its whole text), and of a plain loop in Python's transformers.",
            "Rows of random ids with prompts of a few examples. All ways run in turns; the best of each counts."
        })
final class EvalBenchmark implements Callable<Integer> {

    private static final double PLAIN_AIM = 3;
    private static final double PYTHON_AIM = 2;
    /** Room for the longest prompt and continuation. */
    private static final int CONTEXT = 640;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "A model's folder (default: a GPT-2 of 7 million random weights).")
    private @Nullable Path model;

    @Option(
            names = "--gauntlet",
            paramLabel = "DIR",
            description =
                    "Rows of the gauntlet's data files instead of random ids, encoded by the tokenizer of --model.")
    private @Nullable Path gauntlet;

    @Option(names = "--python", paramLabel = "PATH", description = "A Python with torch and transformers.")
    private @Nullable String python;

    @Option(names = "--rows", defaultValue = "32", description = "Rows of each kind (default: ${DEFAULT-VALUE}).")
    private int rows = 32;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() throws IOException {
        List<Figure> figures = new ArrayList<>();
        try (ScratchFolder scratch = new ScratchFolder()) {
            Path folder = model;
            if (folder == null) {
                folder = scratch.path();
                new BenchmarkShape("7m", "gpt2", 8192, 256, 6, 4, 1, CONTEXT).write(folder);
            }
            List<EvalRows> kinds = rows(folder);
            Path file = scratch.path().resolve("rows.json");
            EvalRows.write(file, kinds);
            try (EvalRace race = new EvalRace(folder, file, python)) {
                for (EvalRows kind : kinds) {
                    measure(race, kind, figures);
                }
            }
        }
        report.print(figures);
        return 0;
    }

    private List<EvalRows> rows(Path folder) {
        if (gauntlet != null) {
            if (model == null) {
                throw new ProgramFailure("--gauntlet needs --model, a folder with a tokenizer");
            }
            return GauntletRecorder.rows(folder, gauntlet, rows);
        }
        ModelConfig config = ModelConfig.read(folder);
        if (config.contextLength() < CONTEXT) {
            throw new ProgramFailure(folder + " has a context of " + config.contextLength()
                    + "; the rows of this benchmark need " + CONTEXT);
        }
        return EvalRows.made(rows, config.vocabularySize());
    }

    private void measure(EvalRace race, EvalRows kind, List<Figure> figures) throws IOException {
        List<EvalRace.Turn> counted = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            EvalRace.Turn turn = race.turn(kind);
            if (round > 0) {
                System.err.printf(
                        "%s, round %d: %.2f s, plain %.2f s, Python %.2f s%n",
                        kind.kind(), round, turn.seconds(), turn.plainSeconds(), turn.pythonSeconds());
                counted.add(turn);
            }
        }
        double seconds = BestRound.least(counted, EvalRace.Turn::seconds);
        double plain = BestRound.least(counted, EvalRace.Turn::plainSeconds);
        double theirs = BestRound.least(counted, EvalRace.Turn::pythonSeconds);
        boolean judged = kind.kind().equals(EvalRows.MULTIPLE_CHOICE);
        String name = kind.kind();
        figures.add(Figure.of(name, kind.rows() / seconds, "rows/s"));
        figures.add(Figure.of(name + "-plain", kind.rows() / plain, "rows/s"));
        figures.add(ratio(name + "-to-plain", plain / seconds, judged ? PLAIN_AIM : null));
        if (python == null) {
            figures.add(Figure.unknown(name + "-to-python", "ratio"));
        } else {
            figures.add(Figure.of(name + "-python", kind.rows() / theirs, "rows/s"));
            figures.add(ratio(name + "-to-python", theirs / seconds, judged ? PYTHON_AIM : null));
        }
    }

    private static Figure ratio(String name, double value, @Nullable Double aim) {
        return aim == null ? Figure.of(name, value, "ratio") : Figure.atLeast(name, value, "ratio", aim);
    }
}
