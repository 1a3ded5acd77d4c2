package org.bandpass.languagemodel.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the token that ends a text. The one that ends a turn of a conversation is another: a model tuned on those names it as its end. */
final class EndOfText {
    /** What families call the end of a text. */
    static final List<String> USUAL = List.of(
            "<|endoftext|>",
            "<|end_of_text|>",
            "</s>",
            "<eos>",
            "<|eos|>",
            "<EOS_TOKEN>",
            "[EOS]",
            "<｜end▁of▁sentence｜>");
    /** What families call the end of a turn, where no template beside the tokenizer shows it. */
    private static final Set<String> OF_TURNS = Set.of(
            "<|im_end|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|eot|>",
            "<|EOT|>",
            "<end_of_turn>",
            "<|end_of_turn|>",
            "<|END_OF_TURN_TOKEN|>",
            "[|endofturn|]",
            "<turn|>",
            "<|end|>",
            "<|return|>",
            "<|call|>");

    private EndOfText() {}

    /** Returns its id, or null where there is none. */
    static @Nullable Integer find(Map<String, Integer> ids, TokenizerConfig config) {
        String trained = config.trainedAfter();
        if (trained != null && ids.containsKey(trained)) {
            return ids.get(trained);
        }
        for (String named : config.named("eos_token")) {
            Integer id = ids.get(named);
            if (id != null && !endsTurns(named, config)) {
                return id;
            }
        }
        for (String usual : USUAL) {
            Integer id = ids.get(usual);
            if (id != null) {
                return id;
            }
        }
        List<Integer> ends = config.endIds();
        return ids.entrySet().stream()
                .filter(token -> ends.contains(token.getValue()) && !endsTurns(token.getKey(), config))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static boolean endsTurns(String token, TokenizerConfig config) {
        return OF_TURNS.contains(token) || !USUAL.contains(token) && config.isInChatTemplate(token);
    }
}
