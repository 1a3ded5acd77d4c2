package org.bandpass.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.FileCheck;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.prompt.CategoryPrompts;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.eval.prompt.PromptDigest;
import org.bandpass.eval.prompt.TaskPrompts;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the prompts of a profile's tasks; needs no model and no broker. */
@Command(
        name = "prompts",
        description = {
            "Shows the prompts of a profile's tasks: their number, the SHA-256 of all of them, and the first one.",
            "Needs no model and no broker. Continuations have the space that most tokenizers need in front."
        })
public final class PromptsCommand implements Callable<Integer> {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ROW = "%-34s  %-38s  %7s  %s%n";

    @Option(
            names = "--gauntlet",
            required = true,
            paramLabel = "DATA_DIR",
            description = "Folder that holds local_data, the data files of the tasks.")
    private Path gauntlet = Path.of("");

    @Option(
            names = "--profile",
            paramLabel = "NAME|FILE",
            description = "Which tasks, and how they are asked: paper-v0.2 (default), v0, v0.2, v0.3, core-v2, or a"
                    + " JSON file.")
    private String profile = Profile.DEFAULT;

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "TASK",
            description = "Only these tasks, by label (hellaswag) or label and shots (hellaswag/10-shot).")
    private @Nullable List<String> tasks;

    @Option(names = "--json", description = "Print one JSON object a line for each task and category.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The prompts of one task and category. */
    private record Stream(CategoryPrompts prompts, Prompt first, String sha256) {}

    @Override
    public Integer call() {
        Profile chosen = Profile.named(profile);
        if (tasks != null) {
            chosen = chosen.only(tasks);
        }
        DataFolder folder = DataFolder.of(gauntlet);
        if (!json) {
            out().printf(ROW, "task", "category", "prompts", "SHA-256");
        }
        int shown = 0;
        for (ProfileTask task : chosen.tasks()) {
            if (isUsable(task, folder.check(task.file()))) {
                TaskPrompts.of(task, folder, true).forEach(prompts -> print(stream(prompts)));
                shown++;
            }
        }
        if (shown == 0) {
            throw new ProgramFailure("no task of profile " + chosen.name() + " has a data file in " + gauntlet
                    + "; name the folder that holds local_data");
        }
        return 0;
    }

    /** Says what is wrong with a file. A missing one is an error only if its task was named. */
    private boolean isUsable(ProfileTask task, FileCheck check) {
        if (check.state() == DataState.MISSING && tasks == null) {
            warn(task.key() + " is left out: there is no " + check.path());
            return false;
        }
        if (check.state() == DataState.ALTERED) {
            warn(task.key() + ": " + check.path() + " is not the file that the profile knows; its prompts may differ");
        }
        return true;
    }

    private void warn(String message) {
        spec.commandLine().getErr().println("warning: " + message);
    }

    private static Stream stream(CategoryPrompts prompts) {
        PromptDigest digest = new PromptDigest();
        Prompt first = null;
        for (Prompt prompt : prompts) {
            first = first == null ? prompt : first;
            digest.add(prompt);
        }
        return new Stream(prompts, Objects.requireNonNull(first), digest.hex());
    }

    private void print(Stream stream) {
        CategoryPrompts prompts = stream.prompts();
        if (json) {
            out().println(jsonOf(stream));
        } else {
            String category = prompts.category() == null ? "" : prompts.category();
            out().printf(ROW, prompts.task().key(), category, prompts.size(), stream.sha256());
        }
        out().flush();
    }

    private static String jsonOf(Stream stream) {
        CategoryPrompts prompts = stream.prompts();
        ObjectNode object = MAPPER.createObjectNode();
        object.put("task", prompts.task().label());
        object.put("category", prompts.category());
        object.put("rows", prompts.size());
        object.put("sha256", stream.sha256());
        Prompt first = stream.first();
        ObjectNode row = object.putObject("row0");
        row.put("preamble", first.preamble());
        row.set("contexts", MAPPER.valueToTree(first.contexts()));
        row.set("continuations", MAPPER.valueToTree(PromptDigest.asked(first)));
        row.put("gold", first.gold());
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
