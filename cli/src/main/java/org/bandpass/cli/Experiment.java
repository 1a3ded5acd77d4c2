package org.bandpass.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The paper's experiment as a list of commands, each of which a person could type; {@code bandpass run} executes them
 * in this order, {@code docs/step-by-step.sh} as processes of their own.
 *
 * @param out folder of the experiment
 * @param rate share of the documents that each band keeps
 * @param seed seed of the split, the models and the data order
 */
record Experiment(
        Path out,
        String bootstrapServers,
        List<String> inputs,
        List<String> bands,
        double rate,
        long seed,
        ExperimentBudget budget) {

    /** The one plan of the experiment, with all the bands. */
    static final String PLAN = "run";

    static final String REFERENCE = "reference";
    static final String CONTROL = "control";

    /** One command of the experiment; its summary is filed under its name, its title is for people. */
    record Stage(String name, String title, List<String> arguments) {}

    Stage ingest() {
        List<String> arguments = new ArrayList<>(List.of("ingest", "--name", PLAN, "--seed", Long.toString(seed)));
        arguments.addAll(inputs);
        return stage("ingest", "Ingest documents", arguments);
    }

    Stage tokenizer() {
        return stage(
                "tokenizer",
                "Train a tokenizer on the reference split",
                List.of(
                        "tokenizer",
                        "--vocabulary",
                        Integer.toString(budget.vocabulary()),
                        "--out",
                        tokenizerFolder().toString()));
    }

    Stage trainReference() {
        return train(REFERENCE, "Train the reference model", budget.referenceTokens(), List.of("--reference"));
    }

    Stage score(int maxWindows) {
        return stage(
                "score",
                "Score the final split",
                List.of(
                        "score",
                        "--model",
                        runFolder(REFERENCE).resolve("model").toString(),
                        "--max-windows",
                        Integer.toString(maxWindows),
                        "--until-caught-up"));
    }

    Stage calibrate() {
        return streams("calibrate", "Compute the cuts", List.of("calibrate", "--until-caught-up"));
    }

    Stage freeze() {
        return stage(
                "freeze",
                "Freeze them into the plan '" + PLAN + "'",
                List.of(
                        "cuts",
                        "freeze",
                        "--plan",
                        PLAN,
                        "--bands",
                        String.join(",", bands),
                        "--rate",
                        Double.toString(rate)));
    }

    Stage select() {
        return streams("select", "Route documents to bands", List.of("select", "--plan", PLAN, "--until-caught-up"));
    }

    List<Stage> trainFinals() {
        List<Stage> stages = new ArrayList<>();
        stages.add(train(CONTROL, "Train the control", budget.finalTokens(), List.of("--control")));
        for (String band : bands) {
            stages.add(train(
                    band,
                    "Train on the band '" + band + "'",
                    budget.finalTokens(),
                    List.of("--plan", PLAN, "--band", band)));
        }
        return Collections.unmodifiableList(stages);
    }

    Stage evaluate() {
        return stage(
                "eval",
                "Evaluate the finished runs",
                List.of("eval", "--set", "eval.held.out.bytes=" + budget.heldOutBytes(), "--until-caught-up"));
    }

    Stage audit() {
        return stage("audit", "Check the bands against an exact sort", List.of("audit", "--plan", PLAN));
    }

    Stage report() {
        return new Stage(
                "report",
                "Write the report",
                List.of("report", "--out", out.toString(), "--plan", PLAN, "--bootstrap-servers", bootstrapServers));
    }

    int stages() {
        return 11 + bands.size();
    }

    Path tokenizerFolder() {
        return out.resolve("tokenizer");
    }

    /** Returns the folder of a training run: its checkpoints and its model. */
    Path runFolder(String run) {
        return out.resolve("runs").resolve(run);
    }

    private Stage train(String run, String title, long tokens, List<String> data) {
        List<String> arguments = new ArrayList<>(List.of("train", "--run", run));
        arguments.addAll(data);
        arguments.addAll(List.of(
                "--tokenizer", tokenizerFolder().toString(),
                "--preset", budget.preset(),
                "--tokens", Long.toString(tokens),
                "--seed", Long.toString(seed),
                "--out", runFolder(run).toString()));
        return stage("train-" + run, title, arguments);
    }

    private Stage streams(String name, String title, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--state-dir", out.resolve("state").toString()));
        return stage(name, title, all);
    }

    private Stage stage(String name, String title, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        // Options go before file names, which may look like anything.
        int position = all.get(0).equals("cuts") ? 2 : 1;
        all.addAll(position, List.of("--bootstrap-servers", bootstrapServers, "--json"));
        return new Stage(name, title, Collections.unmodifiableList(all));
    }
}
