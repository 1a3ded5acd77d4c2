package org.bandpass.eval.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bandpass.eval.figures.Difference;
import org.bandpass.eval.figures.PairedBootstrap;
import org.bandpass.eval.profile.Profile;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two evaluations row by row; needs no model and no broker. */
@Command(
        name = "compare",
        description = {
            "Compares two evaluations that 'eval --model DIR --gauntlet DATA_DIR --out DIR' wrote, row by row: differences"
                    + " A − B of normalised scores in percent, with standard errors and 95 %% intervals of a paired bootstrap.",
            "Needs no model and no broker. 'report RUN --against RUN' compares training runs."
        })
public final class CompareCommand implements Callable<Integer> {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double PERCENT = 100;

    @Parameters(index = "0", paramLabel = "A", description = "Folder of an evaluation.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "Folder of the evaluation to compare it with.")
    private Path second = Path.of("");

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "The profile of both, if it is a JSON file of your own.")
    private @Nullable String profile;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the bootstrap (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--json", description = "Print one JSON object; differences are shares, not percent.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        FolderEvaluation run = read(first);
        FolderEvaluation control = read(second);
        if (!run.profile().equals(control.profile())) {
            throw new ProgramFailure(
                    first + " is an evaluation in profile " + run.profile().name() + ", " + second + " in "
                            + control.profile().name() + "; evaluate both in the same profile");
        }
        PairedBootstrap compared = PairedBootstrap.of(run.profile(), run.scored(), control.scored(), seed);
        if (compared.tasks().isEmpty()) {
            throw new ProgramFailure(first + " and " + second
                    + " have no rows in common: evaluate both with the same tasks, data files and --limit");
        }
        PrintWriter out = spec.commandLine().getOut();
        int longest = run.sizes().longestPrompt();
        int other = control.sizes().longestPrompt();
        if (longest != other) {
            spec.commandLine()
                    .getErr()
                    .println("warning: the longest prompt has " + longest + " tokens in " + first + ", " + other
                            + " in " + second + "; longer prompts lost their beginning");
        }
        if (json) {
            out.println(json(compared));
        } else {
            print(compared, out);
        }
        out.flush();
        return 0;
    }

    private FolderEvaluation read(Path folder) {
        if (!EvaluationFolder.isOne(folder)) {
            throw new ProgramFailure(folder + " holds no evaluation.json with rows.jsonl; 'bandpass eval --model DIR"
                    + " --gauntlet DATA_DIR --out " + folder + "' writes them. Training runs are compared by"
                    + " 'bandpass report RUN --against RUN'");
        }
        return EvaluationFolder.read(folder, profile == null ? null : Profile.named(profile));
    }

    private void print(PairedBootstrap compared, PrintWriter out) {
        out.println(first + " − " + second + ", points of the score (accuracy − baseline) / (1 − baseline)");
        out.println();
        out.printf("%-40s %8s %18s %18s%n", "", "rows", "difference", "95 % interval");
        compared.tasks().forEach((name, difference) -> print(name, difference, out));
        out.println();
        compared.categories().forEach((name, difference) -> print(name, difference, out));
        Difference average = compared.average();
        if (average != null) {
            print("average", average, out);
            if (average.partial()) {
                out.println("The average is partial, without " + String.join(", ", average.absent()) + ".");
            }
        }
        out.println("±: one standard error over rows, paired; training seeds are not in it.");
    }

    private static void print(String name, Difference difference, PrintWriter out) {
        out.println(String.format(
                        Locale.ROOT,
                        "%-40s %,8d %+11.2f ± %4.2f  %+7.2f to %+6.2f  %s%s",
                        name,
                        difference.rows(),
                        PERCENT * difference.difference(),
                        PERCENT * difference.standardError(),
                        PERCENT * difference.low(),
                        PERCENT * difference.high(),
                        difference.withinNoise() ? "within noise" : "",
                        difference.partial() ? " (partial)" : "")
                .stripTrailing());
    }

    private ObjectNode json(PairedBootstrap compared) {
        ObjectNode object = MAPPER.createObjectNode()
                .put("a", first.toString())
                .put("b", second.toString())
                .put("seed", seed);
        Difference average = compared.average();
        object.set("average", average == null ? MAPPER.nullNode() : json(average));
        object.set("categories", json(compared.categories()));
        object.set("tasks", json(compared.tasks()));
        return object;
    }

    private static ObjectNode json(Map<String, Difference> differences) {
        ObjectNode object = MAPPER.createObjectNode();
        differences.forEach((name, difference) -> object.set(name, json(difference)));
        return object;
    }

    private static ObjectNode json(Difference difference) {
        return MAPPER.createObjectNode()
                .put("rows", difference.rows())
                .put("difference", difference.difference())
                .put("standardError", difference.standardError())
                .put("low", difference.low())
                .put("high", difference.high())
                .put("withinNoise", difference.withinNoise())
                .put("partial", difference.partial())
                .putPOJO("absent", difference.absent());
    }
}
