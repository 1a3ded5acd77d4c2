package org.bandpass.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Continues prompts with the most likely ids. The keys and values of a batch stay in the program until its last prompt has
 * ended; prompts that have ended leave the batch at once.
 */
final class GreedyGeneration {

    /** A prompt and its new ids so far. */
    private static final class Answer {
        final int index;
        final int[] prompt;
        final int most;
        int[] ids = new int[0];

        Answer(int index, int[] prompt, int most) {
            this.index = index;
            this.prompt = prompt;
            this.most = most;
        }
    }

    private final TorchProgram program;
    private final int context;
    private final int vocabulary;
    private final BiPredicate<Integer, int[]> ended;

    GreedyGeneration(TorchProgram program, ModelConfig config, BiPredicate<Integer, int[]> ended) {
        this.program = program;
        context = config.contextLength();
        vocabulary = config.vocabularySize();
        this.ended = ended;
    }

    List<int[]> generate(List<int[]> prompts, int mostTokens, int batchTokens) {
        List<Answer> answers = new ArrayList<>();
        for (int[] prompt : prompts) {
            Continuations.checkPrompt(prompt, answers.size(), context, vocabulary);
            answers.add(new Answer(answers.size(), prompt, Math.min(mostTokens, context - prompt.length)));
        }
        List<Answer> open = new ArrayList<>(answers);
        open.removeIf(answer -> answer.most <= 0);
        open.sort(
                Comparator.comparingInt((Answer answer) -> answer.prompt.length).reversed());
        for (int at = 0; at < open.size(); ) {
            long columns = (long) open.get(at).prompt.length + mostTokens;
            int end = (int) Math.min(open.size(), at + Math.max(1, batchTokens / columns));
            try {
                answer(new ArrayList<>(open.subList(at, end)));
            } finally {
                program.run("forget", 0);
            }
            at = end;
        }
        return answers.stream().map(answer -> answer.ids).toList();
    }

    private void answer(List<Answer> batch) {
        int width = batch.get(0).prompt.length;
        long[] next = begin(batch, width);
        List<Answer> rows = batch;
        for (int made = 1; ; made++) {
            rows = extended(rows, next);
            if (rows.isEmpty()) {
                return;
            }
            next = proceed(rows, width, made);
        }
    }

    /** Adds a new id to each answer; returns those that have not ended, the only ones whose past is kept. */
    private List<Answer> extended(List<Answer> rows, long[] next) {
        List<Answer> left = new ArrayList<>();
        long[] kept = new long[rows.size()];
        for (int r = 0; r < rows.size(); r++) {
            Answer answer = rows.get(r);
            answer.ids = ContinuationText.joined(answer.ids, NonFiniteLogitException.check(next[r], answer.index));
            if (!ended.test(answer.index, answer.ids.clone()) && answer.ids.length < answer.most) {
                kept[left.size()] = r;
                left.add(answer);
            }
        }
        if (!left.isEmpty() && left.size() < rows.size()) {
            program.run("keep", Arrays.copyOf(kept, left.size()));
        }
        return left;
    }

    private long[] begin(List<Answer> rows, int width) {
        int[] ids = new int[rows.size() * width];
        for (int r = 0; r < rows.size(); r++) {
            int[] prompt = rows.get(r).prompt;
            System.arraycopy(prompt, 0, ids, r * width, prompt.length);
        }
        int room = rows.stream().mapToInt(answer -> answer.most).max().orElseThrow();
        return program.call(
                "begin",
                m -> new NDList(
                        m.create(ids, new Shape(rows.size(), width)), m.create(lengths(rows)), m.create(new int[] {room
                        })),
                NDArray::toLongArray);
    }

    private long[] proceed(List<Answer> rows, int width, int made) {
        int[] newest = rows.stream()
                .mapToInt(answer -> answer.ids[answer.ids.length - 1])
                .toArray();
        return program.call(
                "proceed",
                m -> new NDList(m.create(newest), m.create(lengths(rows)), m.create(new int[] {width, made})),
                NDArray::toLongArray);
    }

    private static int[] lengths(List<Answer> rows) {
        return rows.stream().mapToInt(answer -> answer.prompt.length).toArray();
    }
}
