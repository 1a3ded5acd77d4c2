package org.bandpass.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How every benchmark prints what it found: a table, or with --json one object; the environment first. */
final class FiguresReport {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    void print(List<Figure> figures) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(object(spec.name(), figures));
        } else {
            environment()
                    .properties()
                    .forEach(e ->
                            out.printf("%-12s %s%n", e.getKey(), e.getValue().asText()));
            out.println();
            for (Figure figure : figures) {
                out.printf(
                        Locale.ROOT,
                        "%-48s %12s %-10s %s%n",
                        figure.name(),
                        number(figure),
                        figure.unit(),
                        aim(figure));
            }
        }
        out.flush();
    }

    private static String number(Figure figure) {
        return figure.value() == null ? "–" : String.format(Locale.ROOT, "%,.5g", figure.value());
    }

    private static String aim(Figure figure) {
        if (figure.aim() == null || figure.met() == null) {
            return "";
        }
        return String.format(Locale.ROOT, "%s (aim %,.4g)", figure.met() ? "met" : "missed", figure.aim());
    }

    private static String object(String name, List<Figure> figures) {
        ObjectNode root = JSON.createObjectNode().put("benchmark", name);
        root.set("environment", environment());
        ArrayNode list = root.putArray("figures");
        for (Figure figure : figures) {
            list.addObject()
                    .put("name", figure.name())
                    .put("value", figure.value())
                    .put("unit", figure.unit())
                    .put("aim", figure.aim())
                    .put("met", figure.met());
        }
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can be written", e);
        }
    }

    private static ObjectNode environment() {
        return JSON.createObjectNode()
                .put("processor", processor())
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .put("java", System.getProperty("java.version"))
                .put("revision", System.getProperty("bandpass.revision", "unknown"));
    }

    private static String processor() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "unknown";
        }
        try {
            return Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
