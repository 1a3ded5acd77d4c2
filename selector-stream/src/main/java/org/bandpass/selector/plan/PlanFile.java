package org.bandpass.selector.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a plan from a YAML file, or JSON, which is YAML too. Errors name the line and the value.
 *
 * <pre>
 *   name: middle-and-tail
 *   bands:
 *     - {name: middle, from: 0.3, to: 0.6}
 *     - {name: tail, from: 0.5, to: 1}      # bands may overlap
 *     - low                                 # the paper's, at the rate below
 *   rate: 0.25
 *   stratification: domain                  # all (default), domain, source, language
 *   cutMode: frozen                         # or live
 *   warmUp: 10000                           # live: scores that the cuts must count
 *   cutsVersion: 3                          # frozen: which version, default the latest
 *   modelRevision: 0123456789abcdef         # whose scores, where several models have scored
 *   allowPartial: false
 *   mixRevisions: false
 *   origin: why this plan
 * </pre>
 */
public final class PlanFile {

    private static final List<String> KEYS = List.of(
            "allowPartial",
            "bands",
            "cutMode",
            "cutsVersion",
            "mixRevisions",
            "modelRevision",
            "name",
            "origin",
            "rate",
            "stratification",
            "warmUp");
    private static final List<String> BAND_KEYS = List.of("from", "name", "to");
    private static final int LARGEST = 1 << 20;

    private final Path file;

    private PlanFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a plan.
     *
     * @throws ProgramFailure if the file cannot be read
     * @throws ConfigurationException if it is no plan, or has an invalid value
     */
    public static PlanDraft read(Path file) {
        return new PlanFile(file).draft();
    }

    private PlanDraft draft() {
        Node root = compose();
        if (root == null) {
            throw new ConfigurationException(file + " is empty; it should hold a plan: name, bands, …");
        }
        Fields plan = new Fields(root, KEYS);
        Node name = plan.required("name");
        List<Band> bands = bands(plan);
        Stratification stratification = plan.value("stratification", Stratification.ALL, Stratification::named);
        CutMode mode = plan.value("cutMode", CutMode.FROZEN, PlanFile::mode);
        refuseOthersOf(mode, plan);
        long warmUp = plan.value("warmUp", PlanDraft.DEFAULT_WARM_UP, text -> whole(text, Long.MAX_VALUE));
        String origin = plan.value("origin", "", Function.identity());
        String revision = plan.value("modelRevision", Function.identity());
        Integer version = plan.value("cutsVersion", text -> (int) whole(text, Integer.MAX_VALUE));
        boolean partial = plan.flag("allowPartial");
        boolean mixed = plan.flag("mixRevisions");
        // The other values are valid; what is left is the name, and that it may stand for a band.
        return at(
                name,
                () -> new PlanDraft(
                        text(name), bands, stratification, mode, warmUp, origin, revision, version, partial, mixed));
    }

    private @Nullable Node compose() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        try {
            return new Yaml(options).compose(new StringReader(content()));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new ConfigurationException(file + " line " + line + ": " + e.getProblem(), e);
        } catch (YAMLException | CharacterCodingException e) {
            throw new ConfigurationException(file + " is no plan: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ProgramFailure("cannot read the plan in " + file + ": " + e, e);
        }
    }

    private String content() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            // One byte more than is allowed tells that there is more.
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new YAMLException("it is larger than " + (LARGEST >> 20) + " MiB");
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        String marked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        // JSON may be indented by tabs, which YAML does not allow; within JSON's strings they stand escaped.
        return marked.stripLeading().startsWith("{") ? marked.replace('\t', ' ') : marked;
    }

    /** The fields of one mapping. */
    private final class Fields {

        private final Node parent;
        private final Map<String, Node> nodes = new LinkedHashMap<>();

        Fields(Node parent, List<String> known) {
            this.parent = parent;
            if (!(parent instanceof MappingNode mapping)) {
                throw error(parent, "there should be fields here: " + String.join(", ", known));
            }
            for (NodeTuple tuple : mapping.getValue()) {
                String key = text(tuple.getKeyNode());
                if (!known.contains(key)) {
                    throw error(
                            tuple.getKeyNode(), "unknown field '" + key + "'; there are " + String.join(", ", known));
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
            return value(name, false, text -> switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException(name + " is true or false, not '" + text + "'");
            });
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
        double rate = plan.value("rate", PlanBands.USUAL_RATE, PlanFile::rate);
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
        Fields fields = new Fields(item, BAND_KEYS);
        Node from = fields.required("from");
        Node to = fields.required("to");
        Band band = new Band(
                text(fields.required("name")), at(from, () -> number(text(from))), at(to, () -> number(text(to))));
        return at(item, () -> {
            PlanBands.check(List.of(band));
            return band;
        });
    }

    private static CutMode mode(String text) {
        return switch (text) {
            case "frozen" -> CutMode.FROZEN;
            case "live" -> CutMode.LIVE;
            default -> throw new IllegalArgumentException("cutMode is frozen or live, not '" + text + "'");
        };
    }

    /** A field that this mode ignores shows a misunderstanding. */
    private void refuseOthersOf(CutMode mode, Fields plan) {
        boolean live = mode == CutMode.LIVE;
        for (String field : live ? List.of("cutsVersion", "allowPartial") : List.of("warmUp")) {
            Node node = plan.nodes.get(field);
            if (node != null) {
                throw error(
                        node,
                        field + " is for a plan with 'cutMode: " + (live ? "frozen" : "live") + "', and this one is "
                                + (live ? "live" : "frozen"));
            }
        }
    }

    private static double rate(String text) {
        double rate = number(text);
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate must be above 0 and at most 1, not " + rate);
        }
        return rate;
    }

    private static double number(String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no number", e);
        }
        throw new IllegalArgumentException("'" + text + "' is no finite number");
    }

    private static long whole(String text, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no whole number", e);
        }
        throw new IllegalArgumentException("there should be a whole number of 1 or more here, not " + text);
    }

    private String text(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw error(node, "there should be one value here");
        }
        return scalar.getValue();
    }

    /** Makes a value of a node; a refusal becomes an error with the node's line. */
    private <T> T at(Node node, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw error(node, String.valueOf(e.getMessage()));
        }
    }

    private ConfigurationException error(Node node, String message) {
        return new ConfigurationException(file + " line " + (node.getStartMark().getLine() + 1) + ": " + message);
    }
}
