package org.bandpass.languagemodel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the TorchScript program of a model from the templates beside this class.
 *
 * <p>In a template the lines {@code %if name}, {@code %else} and {@code %end} keep or drop the lines between them, and
 * <code>${name}</code> is replaced by a value.
 */
final class ProgramSource {
    private static final Pattern NAME = Pattern.compile("\\$\\{([a-z_0-9]+)}");
    /** Elements of the logits held at once. */
    private static final int CHUNK_LOGITS = 1 << 23;

    /** Tokens computed at once: the widest activations of a group then fit into a processor's last cache. */
    static final int GROUP_TOKENS = 2048;

    private ProgramSource() {}

    /** @param optimizer null for a program that only scores */
    static String of(Architecture architecture, boolean bf16, @Nullable Optimizer optimizer) {
        int weights = architecture.weights().size();
        Map<String, Object> values = new HashMap<>(architecture.values());
        values.put("bf16", bf16);
        values.put("dtype", bf16 ? Torch.BFLOAT16 : Torch.FLOAT32);
        values.put("cast", bf16 ? ".to(15)" : "");
        values.put("in_place", optimizer == null ? "_" : "");
        values.put("adamw", optimizer == Optimizer.ADAMW);
        values.put("adam_epsilon", "1e-8");
        values.put("tied", architecture.tied());
        values.put("head_index", architecture.tied() ? 0 : weights - 1);
        values.put("hidden_weights", architecture.tied() ? weights : weights - 1);
        values.put("group_tokens", GROUP_TOKENS);
        // Queries that attend at once in a family whose biases are in memory.
        values.put("query_block", 256);
        values.put(
                "chunk_rows",
                Math.max(64, Math.min(4096, (bf16 ? CHUNK_LOGITS : 4 * CHUNK_LOGITS) / architecture.vocabulary())));
        StringBuilder source = new StringBuilder(filled("module", values));
        source.append('\n').append(filled(architecture.family(), values));
        if (optimizer == null) {
            source.append('\n').append(filled("continuation", values));
        } else {
            source.append('\n').append(filled("training", values));
        }
        return source.toString();
    }

    private static String filled(String name, Map<String, Object> values) {
        StringBuilder out = new StringBuilder();
        Deque<Boolean> open = new ArrayDeque<>();
        for (String line : template(name).split("\n", -1)) {
            if (line.startsWith("%if ")) {
                open.push((Boolean) value(values, line.substring(4).strip()));
            } else if (line.equals("%else")) {
                open.push(!open.pop());
            } else if (line.equals("%end")) {
                open.pop();
            } else if (!open.contains(false)) {
                Matcher names = NAME.matcher(line);
                out.append(names.replaceAll(m -> Matcher.quoteReplacement(
                                value(values, m.group(1)).toString())))
                        .append('\n');
            }
        }
        return out.toString();
    }

    private static Object value(Map<String, Object> values, String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("a template names " + name + ", which has no value");
        }
        return value;
    }

    private static String template(String name) {
        try (InputStream in = ProgramSource.class.getResourceAsStream(name + ".torchscript")) {
            if (in == null) {
                throw new IllegalStateException("no template " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
