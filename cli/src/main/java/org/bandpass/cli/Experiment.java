package org.bandpass.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The paper's experiment as a list of commands, each of which a person could type. {@code bandpass run} executes them in
 * this order, {@code docs/step-by-step.sh} as separate processes.
 *
 * @param out folder of the experiment
 * @param rate share of the documents that each band keeps
 * @param seed seed of the split, the models and the data order
 * @param seeds number of seeds that the control and the bands are trained with: {@code seed} and those after it
 */
record Experiment(
        Path out,
        String bootstrapServers,
        List<String> inputs,
        List<String> bands,
        double rate,
        long seed,
        int seeds,
        ExperimentBudget budget) {

    /** The one plan of the experiment, with all the bands. */
    static final String PLAN = "run";

    private static final String REFERENCE = "reference";

    /**
     * One command of the experiment.
     *
     * @param name the name of its summary's file
     * @param title for people
     * @param folder of a training, which continues if it has begun there; null for other commands
     */
    record Stage(
            String name,
            String title,
            List<String> arguments,
            @Nullable Path folder) {

        /** Returns whether the output is a summary to file; that of the report goes to stdout. */
        boolean isFiled() {
            return !name.equals("report");
        }
    }

    /** Returns the commands in order; the cap on windows is computed after ingest. */
    List<Supplier<Stage>> stages(IntSupplier maxWindows) {
        List<Supplier<Stage>> stages = new ArrayList<>();
        stages.add(this::ingest);
        stages.add(this::tokenizer);
        stages.add(() -> train(REFERENCE, "Train the reference model", budget.referenceTokens(), seed, "--reference"));
        stages.add(() -> score(maxWindows.getAsInt()));
        stages.add(() -> streams("Compute the cuts", "calibrate"));
        stages.add(this::freeze);
        stages.add(() -> streams("Route documents to bands", "select", "--plan", PLAN));
        for (int i = 0; i < seeds; i++) {
            addArms(seed + i, stages);
        }
        stages.add(this::evaluate);
        stages.add(() -> stage("audit", "Check the bands against an exact sort", "--plan", PLAN));
        stages.add(this::report);
        return Collections.unmodifiableList(stages);
    }

    /** The first seed's runs have the names of their arms, so they are the same however many seeds follow. */
    private void addArms(long armSeed, List<Supplier<Stage>> stages) {
        String suffix = armSeed == seed ? "" : "-seed" + armSeed;
        String words = seeds == 1 ? "" : ", seed " + armSeed;
        stages.add(() ->
                train("control" + suffix, "Train the control" + words, budget.finalTokens(), armSeed, "--control"));
        for (String band : bands) {
            String title = "Train on the band '" + band + "'" + words;
            stages.add(
                    () -> train(band + suffix, title, budget.finalTokens(), armSeed, "--plan", PLAN, "--band", band));
        }
    }

    private Stage ingest() {
        List<String> options = new ArrayList<>(List.of("--name", PLAN, "--seed", Long.toString(seed)));
        options.addAll(inputs);
        return stage("ingest", "Ingest documents", options.toArray(String[]::new));
    }

    private Stage tokenizer() {
        String vocabulary = Integer.toString(budget.vocabulary());
        String folder = tokenizerFolder().toString();
        return stage(
                "tokenizer", "Train a tokenizer on the reference split", "--vocabulary", vocabulary, "--out", folder);
    }

    private Stage score(int maxWindows) {
        return stage(
                "score",
                "Score the final split",
                "--model",
                runFolder(REFERENCE).resolve("model").toString(),
                "--max-windows",
                Integer.toString(maxWindows),
                "--until-caught-up");
    }

    private Stage freeze() {
        return new Stage(
                "freeze",
                "Freeze them into the plan '" + PLAN + "'",
                command(
                        List.of("cuts", "freeze"),
                        "--plan",
                        PLAN,
                        "--bands",
                        String.join(",", bands),
                        "--rate",
                        Double.toString(rate)),
                null);
    }

    private Stage evaluate() {
        String heldOut = "eval.held.out.bytes=" + budget.heldOutBytes();
        return stage("eval", "Evaluate the finished runs", "--set", heldOut, "--until-caught-up");
    }

    private Stage report() {
        return new Stage(
                "report",
                "Write the report",
                List.of("report", "--out", out.toString(), "--plan", PLAN, "--bootstrap-servers", bootstrapServers),
                null);
    }

    private Path tokenizerFolder() {
        return out.resolve("tokenizer");
    }

    /** Returns the folder of a training run: its checkpoints and its model. */
    private Path runFolder(String run) {
        return out.resolve("runs").resolve(run);
    }

    private Stage train(String run, String title, long tokens, long modelSeed, String... data) {
        List<String> arguments = command(List.of("train"), data);
        arguments.addAll(List.of(
                "--run", run,
                "--tokenizer", tokenizerFolder().toString(),
                "--preset", budget.preset(),
                "--tokens", Long.toString(tokens),
                "--seed", Long.toString(modelSeed),
                "--out", runFolder(run).toString()));
        return new Stage("train-" + run, title, arguments, runFolder(run));
    }

    private Stage streams(String title, String name, String... options) {
        List<String> arguments = command(List.of(name), options);
        arguments.addAll(
                List.of("--until-caught-up", "--state-dir", out.resolve("state").toString()));
        return new Stage(name, title, arguments, null);
    }

    private Stage stage(String name, String title, String... options) {
        return new Stage(name, title, command(List.of(name), options), null);
    }

    /** Puts the common options before the others, the last of which may be file names. */
    private List<String> command(List<String> names, String... options) {
        List<String> all = new ArrayList<>(names);
        all.addAll(List.of("--bootstrap-servers", bootstrapServers, "--json"));
        all.addAll(List.of(options));
        return all;
    }
}
