package org.bandpass.eval.prompt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 of a stream of prompts, by which two implementations compare theirs: for each prompt the line
 * {@code [preamble,[contexts],[continuations, or sorted answers]]} as JSON without spaces, in ASCII, as Python's
 * {@code json.dumps} writes it, with a line feed.
 */
public final class PromptDigest {

    private final MessageDigest digest;

    public PromptDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public void add(Prompt prompt) {
        StringBuilder line = new StringBuilder("[");
        append(line, prompt.preamble());
        line.append(',');
        append(line, prompt.contexts());
        line.append(',');
        append(line, asked(prompt));
        line.append("]\n");
        digest.update(line.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns the hash in hexadecimal digits and starts anew. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the continuations; of a generation task the sorted answers. */
    public static List<String> asked(Prompt prompt) {
        return prompt.continuations().isEmpty() ? prompt.answers() : prompt.continuations();
    }

    private static void append(StringBuilder line, List<String> texts) {
        line.append('[');
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            append(line, texts.get(i));
        }
        line.append(']');
    }

    private static void append(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\b' -> line.append("\\b");
                case '\f' -> line.append("\\f");
                default -> {
                    if (c < ' ' || c > '~') {
                        line.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
