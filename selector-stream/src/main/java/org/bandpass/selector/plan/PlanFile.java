package org.bandpass.selector.plan;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a plan from a YAML file, or JSON, which is YAML too. Errors name the line and the value. docs/selection.md
 * shows a file with all fields.
 */
public final class PlanFile {

    private static final String KEYS =
            "allowPartial, bands, cutMode, cutsVersion, mixRevisions, modelRevision, name, origin, rate,"
                    + " stratification, warmUp";
    private static final int LARGEST = 1 << 20;

    private final Path file;

    private PlanFile(Path file) {
        this.file = file;
    }

    /** Reads a plan. Throws a ConfigurationException if it is invalid, a ProgramFailure if it cannot be read. */
    public static PlanDraft read(Path file) {
        return new PlanFile(file).draft();
    }

    private PlanDraft draft() {
        Fields plan = new Fields(compose(), KEYS);
        Node name = plan.required("name");
        List<Band> bands = bands(plan);
        Stratification stratification = plan.value("stratification", Stratification.ALL, Stratification::named);
        boolean live = plan.value(
                "cutMode",
                false,
                text -> parse(text, "live"::equals, is -> is || text.equals("frozen"), "frozen or live"));
        refuseFieldsOfOtherMode(live, plan);
        long warmUp = plan.value(
                "warmUp", PlanDraft.DEFAULT_WARM_UP, text -> parse(text, Long::valueOf, n -> n >= 1, "1 or more"));
        Plan described = PlanDraft.frozen(text(name), bands)
                .setStratification(stratification.word())
                .setCutMode(live ? CutMode.LIVE : CutMode.FROZEN)
                .setWarmUp(warmUp)
                .setOrigin(plan.value("origin", "", Function.identity()))
                .build();
        String revision = plan.value("modelRevision", Function.identity());
        Integer version = plan.value("cutsVersion", text -> parse(text, Integer::valueOf, n -> n >= 1, "1 or more"));
        boolean partial = plan.flag("allowPartial");
        boolean mixed = plan.flag("mixRevisions");
        // The other values are valid, so an error is about the name, which may imply another band.
        return at(name, () -> new PlanDraft(described, revision, version, partial, mixed));
    }

    private Node compose() {
        try {
            Node root = new Yaml().compose(new StringReader(content()));
            if (root == null) {
                throw new ConfigurationException(file + " is empty; it should contain a plan: name, bands, …");
            }
            return root;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new ConfigurationException(file + " line " + line + ": " + e.getProblem(), e);
        } catch (YAMLException | CharacterCodingException e) {
            throw new ConfigurationException(file + " is not a plan: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ProgramFailure("cannot read the plan in " + file + ": " + e, e);
        }
    }

    private String content() throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new YAMLException("it is larger than " + (LARGEST >> 20) + " MiB");
        }
        String text = Files.readString(file);
        String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        // JSON may be indented by tabs, which YAML does not allow; tabs within JSON's strings are escaped.
        return unmarked.stripLeading().startsWith("{") ? unmarked.replace('\t', ' ') : unmarked;
    }

    /** The fields of one mapping. */
    private final class Fields {

        private final Node parent;
        private final Map<String, Node> nodes = new HashMap<>();

        Fields(Node parent, String known) {
            this.parent = parent;
            if (!(parent instanceof MappingNode mapping)) {
                throw error(parent, "expected fields: " + known);
            }
            for (NodeTuple tuple : mapping.getValue()) {
                String key = text(tuple.getKeyNode());
                if (!List.of(known.split(", ")).contains(key)) {
                    throw error(tuple.getKeyNode(), "unknown field '" + key + "'; there are " + known);
                }
                if (nodes.put(key, tuple.getValueNode()) != null) {
                    throw error(tuple.getKeyNode(), "field '" + key + "' is there twice");
                }
            }
        }

        Node required(String name) {
            Node node = nodes.get(name);
            if (node == null) {
                throw error(parent, "'" + name + "' is missing");
            }
            return node;
        }

        <T> @Nullable T value(String name, Function<String, T> parse) {
            Node node = nodes.get(name);
            return node == null ? null : at(node, () -> parse.apply(text(node)));
        }

        <T> T value(String name, T otherwise, Function<String, T> parse) {
            T value = value(name, parse);
            return value == null ? otherwise : value;
        }

        boolean flag(String name) {
            return value(
                    name,
                    false,
                    text -> parse(text, Boolean::valueOf, is -> text.equals(is.toString()), "true or false"));
        }
    }

    private List<Band> bands(Fields plan) {
        Node node = plan.required("bands");
        if (!(node instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            throw error(node, "'bands' should be a list of one band or more");
        }
        Node rateNode = plan.nodes.get("rate");
        if (rateNode != null && sequence.getValue().stream().noneMatch(ScalarNode.class::isInstance)) {
            throw error(rateNode, "rate is for the bands low, medium and high, and none of them is named");
        }
        double rate = plan.value(
                "rate",
                PlanBands.DEFAULT_RATE,
                text -> parse(text, Double::valueOf, r -> r > 0 && r <= 1, "a rate above 0 and at most 1"));
        Map<String, Band> bands = new LinkedHashMap<>();
        for (Node item : sequence.getValue()) {
            Band band = item instanceof ScalarNode ? at(item, () -> PlanBands.named(text(item), rate)) : interval(item);
            if (bands.put(band.getName(), band) != null) {
                throw error(item, "two bands are called '" + band.getName() + "'");
            }
        }
        return List.copyOf(bands.values());
    }

    private Band interval(Node item) {
        Fields fields = new Fields(item, "from, name, to");
        Band band =
                new Band(text(fields.required("name")), number(fields.required("from")), number(fields.required("to")));
        return at(item, () -> {
            PlanBands.check(List.of(band));
            return band;
        });
    }

    /** A field that this mode ignores shows a misunderstanding. */
    private void refuseFieldsOfOtherMode(boolean live, Fields plan) {
        for (String field : live ? List.of("cutsVersion", "allowPartial") : List.of("warmUp")) {
            Node node = plan.nodes.get(field);
            if (node != null) {
                String other = live ? "frozen" : "live";
                throw error(node, field + " is for a plan with 'cutMode: " + other + "'");
            }
        }
    }

    private double number(Node node) {
        return at(node, () -> parse(text(node), Double::valueOf, Double::isFinite, "a finite number"));
    }

    private static <T> T parse(String text, Function<String, T> parse, Predicate<T> isValid, String expected) {
        try {
            T value = parse.apply(text);
            if (isValid.test(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported like an invalid number.
        }
        throw new IllegalArgumentException("expected " + expected + ", not '" + text + "'");
    }

    private String text(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw error(node, "expected one value");
        }
        return scalar.getValue();
    }

    /** Makes a value of a node; an error gets the node's line. */
    private <T> T at(Node node, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw error(node, String.valueOf(e.getMessage()));
        }
    }

    private ConfigurationException error(Node node, String message) {
        return new ConfigurationException(file + " line " + (node.getStartMark().getLine() + 1) + ": " + message);
    }
}
