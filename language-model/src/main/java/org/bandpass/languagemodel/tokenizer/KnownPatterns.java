package org.bandpass.languagemodel.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * The regular expressions that run in linear time. After ten million steps of one match the native library ends the process.
 */
final class KnownPatterns {
    private static final String CASED = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String SHORT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String BLANKS = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String SIGNS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
    private static final String PATHS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
    private static final String WORD = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";

    private static final Set<String> LINEAR = Set.of(
            // GPT-2, and CLIP
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
            // Llama 3, OLMo 2; Qwen; Phi-4
            SHORT + WORD + "\\p{N}{1,3}" + SIGNS + BLANKS,
            SHORT + WORD + "\\p{N}" + SIGNS + BLANKS,
            "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
            // gpt-oss, Llama 4; Mistral Nemo
            CASED + "*" + LOWER + "+" + SHORT + "?|" + CASED + "+" + LOWER + "*" + SHORT + "?|\\p{N}{1,3}" + PATHS
                    + BLANKS,
            CASED + "*" + LOWER + "+|" + CASED + "+" + LOWER + "*|\\p{N}" + PATHS + BLANKS,
            // BLOOM
            " ?[^(\\s|[.,!?…。，、।۔،])]+");

    private KnownPatterns() {}

    /** Returns whether a tokenizer uses only such expressions. */
    static boolean cover(JsonNode normalizer, JsonNode preTokenizer) {
        return List.of(normalizer, preTokenizer).stream()
                .flatMap(part -> part.findValuesAsText("Regex").stream())
                .allMatch(pattern -> LINEAR.contains(pattern) || isOneRun(pattern));
    }

    /** A sequence of single characters with at most one repetition, at its end: nothing after it causes backtracking. */
    private static boolean isOneRun(String pattern) {
        String withoutEnd = pattern.replaceFirst("([+*]|\\{\\d+,\\})$", "");
        return !withoutEnd.matches("(?s).*([+*(|]|,\\}).*");
    }
}
