package org.bandpass.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.prompt.CategoryPrompts;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.eval.prompt.PromptDigest;
import org.bandpass.eval.prompt.TaskPrompts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private TaskDataOptions data = new TaskDataOptions();

    @Option(names = "--json", description = "Print one JSON object a line for each task and category.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The prompts of one task and category. */
    private record Stream(CategoryPrompts prompts, Prompt first, String sha256) {}

    @Override
    public Integer call() {
        DataFolder folder = data.folder();
        List<ProfileTask> tasks = data.tasks(folder);
        if (!json) {
            out().printf(ROW, "task", "category", "prompts", "SHA-256");
        }
        for (ProfileTask task : tasks) {
            TaskPrompts.of(task, folder, true).forEach(prompts -> print(stream(prompts)));
        }
        return 0;
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
