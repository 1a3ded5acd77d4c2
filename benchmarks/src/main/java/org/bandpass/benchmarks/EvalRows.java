package org.bandpass.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bandpass.languagemodel.ContinuationModel.Question;

/**
 * Evaluation rows of one kind, as ids.
 *
 * @param kind lower-kebab
 * @param rows rows of the task; a row may ask several questions
 * @param questions scored; none where prompts are continued
 * @param prompts continued
 * @param newTokens new ids of each prompt
 */
record EvalRows(String kind, int rows, List<Question> questions, List<int[]> prompts, int newTokens) {

    static final String MULTIPLE_CHOICE = "multiple-choice";

    private static final int CHOICES = 4;
    private static final int NEW_TOKENS = 24;

    /** Rows of random ids in lengths that the gauntlet's tasks have; the same each time. */
    static List<EvalRows> made(int count, int vocabulary) {
        Random random = new Random(16);
        return List.of(
                choices(MULTIPLE_CHOICE, count, 2, 12, vocabulary, random),
                choices("one-token-choices", count, 1, 1, vocabulary, random),
                choices("language-modeling", count, 1, 6, vocabulary, random).firstChoices(),
                schema(count, vocabulary, random),
                generation(count, vocabulary, random));
    }

    /** A few examples, a question, and choices of some ids. */
    private static EvalRows choices(String kind, int count, int least, int most, int vocabulary, Random random) {
        List<Question> questions = new ArrayList<>();
        for (int q = 0; q < count; q++) {
            List<int[]> choices = Stream.generate(() -> ids(least, most, vocabulary, random))
                    .limit(CHOICES)
                    .toList();
            questions.add(new Question(prompt(vocabulary, random), choices));
        }
        return new EvalRows(kind, count, questions, List.of(), 0);
    }

    private EvalRows firstChoices() {
        List<Question> first = questions.stream()
                .map(question -> new Question(
                        question.prompt(), List.of(question.continuations().get(0))))
                .toList();
        return new EvalRows(kind, rows, first, prompts, newTokens);
    }

    /** Two contexts that differ in their last ids, before the same continuation. */
    private static EvalRows schema(int count, int vocabulary, Random random) {
        List<Question> questions = new ArrayList<>();
        for (int q = 0; q < count; q++) {
            int[] beginning = prompt(vocabulary, random);
            List<int[]> end = List.of(ids(4, 12, vocabulary, random));
            for (int option = 0; option < 2; option++) {
                int[] rest = ids(2, 4, vocabulary, random);
                int[] context = Arrays.copyOf(beginning, beginning.length + rest.length);
                System.arraycopy(rest, 0, context, beginning.length, rest.length);
                questions.add(new Question(context, end));
            }
        }
        return new EvalRows("schema", count, questions, List.of(), 0);
    }

    private static EvalRows generation(int count, int vocabulary, Random random) {
        List<int[]> prompts =
                Stream.generate(() -> prompt(vocabulary, random)).limit(count).toList();
        return new EvalRows("generation", count, List.of(), prompts, NEW_TOKENS);
    }

    private static int[] prompt(int vocabulary, Random random) {
        return ids(250, 550, vocabulary, random);
    }

    private static int[] ids(int least, int most, int vocabulary, Random random) {
        return random.ints(least + random.nextInt(most + 1 - least), 0, vocabulary)
                .toArray();
    }

    /** Writes rows for Python: a list of texts, each a prompt and a continuation, or a list of prompts. */
    static void write(Path file, List<EvalRows> kinds) throws IOException {
        ObjectNode root = new ObjectMapper().createObjectNode();
        for (EvalRows kind : kinds) {
            ObjectNode node = root.putObject(kind.kind()).put("newTokens", kind.newTokens());
            ArrayNode texts = node.putArray("texts");
            for (Question question : kind.questions()) {
                for (int[] continuation : question.continuations()) {
                    ArrayNode pair = texts.addArray();
                    put(question.prompt(), pair.addArray());
                    put(continuation, pair.addArray());
                }
            }
            ArrayNode prompts = node.putArray("prompts");
            kind.prompts().forEach(prompt -> put(prompt, prompts.addArray()));
        }
        new ObjectMapper().writeValue(file.toFile(), root);
    }

    private static void put(int[] ids, ArrayNode array) {
        Arrays.stream(ids).forEach(array::add);
    }
}
