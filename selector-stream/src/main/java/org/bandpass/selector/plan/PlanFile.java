package org.bandpass.selector.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private static final Set<String> KEYS = Set.of(
            "name",
            "bands",
            "rate",
            "stratification",
            "cutMode",
            "warmUp",
            "cutsVersion",
            "modelRevision",
            "allowPartial",
            "mixRevisions",
            "origin");
    private static final Set<String> BAND_KEYS = Set.of("name", "from", "to");
    private static final int LARGEST = 1 << 20;

    private final Path file;

    private PlanFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a plan.
     *
     * @throws ProgramFailure if the file cannot be read
     * @throws ConfigurationException if it says something that cannot be
     */
    public static PlanDraft read(Path file) {
        return new PlanFile(file).draft();
    }

    private PlanDraft draft() {
        Node root = compose();
        if (root == null) {
            throw new ConfigurationException(file + " is empty; it should hold a plan: name, bands, …");
        }
        Map<String, Node> fields = fields(root, KEYS);
        Node name = required(fields, "name", root);
        double rate = number(fields.get("rate"), PlanBands.USUAL_RATE);
        List<Band> bands = bands(required(fields, "bands", root), rate, fields.get("rate"));
        Stratification stratification = stratification(fields.get("stratification"));
        CutMode mode = mode(fields.get("cutMode"));
        refuseOthersOf(mode, fields);
        Node version = fields.get("cutsVersion");
        try {
            return new PlanDraft(
                    text(name),
                    bands,
                    stratification,
                    mode,
                    whole(fields.get("warmUp"), PlanDraft.DEFAULT_WARM_UP, Long.MAX_VALUE),
                    textOr(fields.get("origin"), ""),
                    fields.containsKey("modelRevision") ? text(fields.get("modelRevision")) : null,
                    version == null ? null : (int) whole(version, 0, Integer.MAX_VALUE),
                    flag(fields, "allowPartial"),
                    flag(fields, "mixRevisions"));
        } catch (IllegalArgumentException e) {
            // The values were checked one by one; what is left is the name, and that it may say a band.
            throw error(name, String.valueOf(e.getMessage()));
        }
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

    private Map<String, Node> fields(Node node, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw error(
                    node,
                    "there should be fields here: "
                            + String.join(", ", known.stream().sorted().toList()));
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode());
            if (!known.contains(key)) {
                throw error(
                        tuple.getKeyNode(),
                        "unknown field '" + key + "'; there are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (fields.put(key, tuple.getValueNode()) != null) {
                throw error(tuple.getKeyNode(), "field '" + key + "' is there twice");
            }
        }
        return fields;
    }

    private List<Band> bands(Node node, double rate, @Nullable Node rateNode) {
        if (!(node instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            throw error(node, "'bands' should be a list of one band or more");
        }
        checkRate(sequence, rate, rateNode);
        List<Band> bands = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Node item : sequence.getValue()) {
            Band band = item instanceof ScalarNode ? named(item, rate) : interval(item);
            if (!names.add(band.getName())) {
                throw error(item, "two bands are called '" + band.getName() + "'");
            }
            bands.add(band);
        }
        return bands;
    }

    private void checkRate(SequenceNode bands, double rate, @Nullable Node rateNode) {
        if (rateNode != null && bands.getValue().stream().noneMatch(ScalarNode.class::isInstance)) {
            throw error(rateNode, "rate is for the bands low, medium and high, and none of them is named");
        }
        if (!(rate > 0 && rate <= 1)) {
            throw error(rateNode, "rate must be above 0 and at most 1, not " + rate);
        }
    }

    private Band named(Node item, double rate) {
        try {
            return PlanBands.named(text(item), rate);
        } catch (IllegalArgumentException e) {
            throw error(item, String.valueOf(e.getMessage()));
        }
    }

    private Band interval(Node item) {
        Map<String, Node> fields = fields(item, BAND_KEYS);
        Band band = new Band(
                text(required(fields, "name", item)),
                number(required(fields, "from", item), 0),
                number(required(fields, "to", item), 0));
        try {
            PlanBands.check(List.of(band));
        } catch (IllegalArgumentException e) {
            throw error(item, String.valueOf(e.getMessage()));
        }
        return band;
    }

    private Stratification stratification(@Nullable Node node) {
        if (node == null) {
            return Stratification.ALL;
        }
        try {
            return Stratification.named(text(node));
        } catch (IllegalArgumentException e) {
            throw error(node, String.valueOf(e.getMessage()));
        }
    }

    private CutMode mode(@Nullable Node node) {
        return switch (textOr(node, "frozen")) {
            case "frozen" -> CutMode.FROZEN;
            case "live" -> CutMode.LIVE;
            default -> throw error(node, "cutMode is frozen or live, not '" + textOr(node, "") + "'");
        };
    }

    /** A field that a plan of this mode has no use for is a misunderstanding. */
    private void refuseOthersOf(CutMode mode, Map<String, Node> fields) {
        boolean live = mode == CutMode.LIVE;
        for (String field : live ? List.of("cutsVersion", "allowPartial") : List.of("warmUp")) {
            if (fields.containsKey(field)) {
                throw error(
                        fields.get(field),
                        field + " is for a plan with 'cutMode: " + (live ? "frozen" : "live") + "', and this one is "
                                + (live ? "live" : "frozen"));
            }
        }
    }

    private Node required(Map<String, Node> fields, String name, Node parent) {
        Node node = fields.get(name);
        if (node == null) {
            throw error(parent, "'" + name + "' is missing");
        }
        return node;
    }

    private String text(@Nullable Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw error(node, "there should be one value here");
        }
        return scalar.getValue();
    }

    private String textOr(@Nullable Node node, String otherwise) {
        return node == null ? otherwise : text(node);
    }

    private double number(@Nullable Node node, double otherwise) {
        if (node == null) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(text(node));
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw error(node, "'" + text(node) + "' is no number");
        }
        throw error(node, "'" + text(node) + "' is no finite number");
    }

    private long whole(@Nullable Node node, long otherwise, long most) {
        if (node == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text(node));
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw error(node, "'" + text(node) + "' is no whole number");
        }
        throw error(node, "there should be a whole number of 1 or more here, not " + text(node));
    }

    private boolean flag(Map<String, Node> fields, String name) {
        Node node = fields.get(name);
        return switch (textOr(node, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw error(node, name + " is true or false, not '" + textOr(node, "") + "'");
        };
    }

    private ConfigurationException error(@Nullable Node node, String message) {
        int line = node == null ? 1 : node.getStartMark().getLine() + 1;
        return new ConfigurationException(file + " line " + line + ": " + message);
    }
}
