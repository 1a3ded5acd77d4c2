package org.bandpass.languagemodel.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the token that ends a text. A model tuned on conversations may name the token that ends a turn instead; that one is not used. */
final class EndOfText {
    /** The families' spellings of the end of a text. */
    static final List<String> USUAL = List.of(
            "<|endoftext|>",
            "<|end_of_text|>",
            "</s>",
            "<eos>",
            "<|eos|>",
            "<EOS_TOKEN>",
            "[EOS]",
            "<｜end▁of▁sentence｜>");
    /** The families' spellings of the end of a turn, where no template beside the tokenizer shows it. */
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
        List<Integer> ends = config.endIds();
        return Stream.of(
                        Stream.ofNullable(config.trainedAfter()),
                        config.named("eos_token").stream().filter(token -> !endsTurns(token, config)),
                        USUAL.stream(),
                        ids.keySet().stream()
                                .filter(token -> ends.contains(ids.get(token)) && !endsTurns(token, config)))
                .flatMap(tokens -> tokens)
                .filter(ids::containsKey)
                .findFirst()
                .map(ids::get)
                .orElse(null);
    }

    private static boolean endsTurns(String token, TokenizerConfig config) {
        return OF_TURNS.contains(token) || !USUAL.contains(token) && config.isInChatTemplate(token);
    }
}
