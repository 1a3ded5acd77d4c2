package org.bandpass.eval.gauntlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bandpass.languagemodel.ContinuationModel;
import org.bandpass.languagemodel.NonFiniteLogitException;
import org.jspecify.annotations.Nullable;

/**
 * A model with probabilities written by hand. A token is a word with the space in front of it, a line end, or a space.
 * The nats of a token depend on the text before it, or on the token alone; what is not given has {@code otherwise}.
 */
class WordModel implements GauntletModel, ContinuationModel {

    private static final Pattern TOKEN = Pattern.compile("\n| ?[^ \n]+| ");

    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();
    private final Map<String, Double> nats = new HashMap<>();
    private final int context;
    private @Nullable Integer begin;
    private double otherwise = 9;
    final List<Question> asked = new ArrayList<>();

    WordModel(int context) {
        this.context = context;
        id("<end>");
    }

    private int id(String word) {
        return ids.computeIfAbsent(word, w -> {
            words.add(w);
            return words.size() - 1;
        });
    }

    /** Sets the nats of a token after a text that ends so. */
    WordModel with(String textEnd, String token, double value) {
        id(token);
        nats.put(textEnd + "|" + token, value);
        return this;
    }

    WordModel uniform(double value) {
        otherwise = value;
        return this;
    }

    WordModel beginning(String word) {
        begin = id(word);
        return this;
    }

    /** Nats of a token after a text: of the longest end of the text that was given. */
    double nats(String before, String token) {
        for (int from = 0; from <= before.length(); from++) {
            Double value = nats.get(before.substring(from) + "|" + token);
            if (value != null) {
                return value;
            }
        }
        return otherwise;
    }

    @Override
    public ContinuationModel continuations() {
        return this;
    }

    @Override
    public int[] encode(String text) {
        List<Integer> found = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            found.add(id(matcher.group()));
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String decode(int[] tokens) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(tokens).forEach(id -> text.append(words.get(id)));
        return text.toString();
    }

    @Override
    public @Nullable Integer beginOfText() {
        return begin;
    }

    @Override
    public Integer endOfText() {
        return 0;
    }

    @Override
    public long bytesOf(String text, int tokens) {
        return PromptTokens.bytes(decode(Arrays.copyOf(encode(text), tokens)));
    }

    @Override
    public int contextLength() {
        return context;
    }

    @Override
    public int vocabularySize() {
        return words.size();
    }

    @Override
    public String revision() {
        return "words";
    }

    @Override
    public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
        asked.addAll(questions);
        return questions.stream()
                .map(question -> question.continuations().stream()
                        .map(continuation -> score(question.prompt(), continuation))
                        .toList())
                .toList();
    }

    private ContinuationScore score(int[] prompt, int[] continuation) {
        if (prompt.length < 1 || prompt.length + continuation.length > context) {
            throw new IllegalArgumentException(prompt.length + " + " + continuation.length + " ids");
        }
        String before = decode(prompt);
        float[] scores = new float[continuation.length];
        boolean allBest = true;
        for (int i = 0; i < scores.length; i++) {
            String token = words.get(continuation[i]);
            scores[i] = (float) nats(before, token);
            allBest &= best(before) == continuation[i];
            before += token;
        }
        return new ContinuationScore(scores, allBest);
    }

    private int best(String before) {
        int best = 0;
        for (int id = 1; id < words.size(); id++) {
            best = nats(before, words.get(id)) < nats(before, words.get(best)) ? id : best;
        }
        return best;
    }

    @Override
    public List<int[]> generate(
            List<int[]> prompts, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended) {
        List<int[]> answers = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            if (prompts.get(p).length < 1 || prompts.get(p).length + mostTokens > context) {
                throw new IllegalArgumentException(prompts.get(p).length + " ids and " + mostTokens);
            }
            if (Double.isNaN(otherwise)) {
                throw new NonFiniteLogitException(p);
            }
            String text = decode(prompts.get(p));
            int[] tokens = {};
            do {
                tokens = Arrays.copyOf(tokens, tokens.length + 1);
                tokens[tokens.length - 1] = best(text);
                text += words.get(tokens[tokens.length - 1]);
            } while (tokens.length < mostTokens && !ended.test(p, tokens));
            answers.add(tokens);
        }
        return answers;
    }

    @Override
    public void close() {
        asked.clear();
    }
}
