package org.bandpass.eval.gauntlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.TaskType;
import org.bandpass.eval.prompt.CategoryPrompts;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.eval.prompt.TaskPrompts;
import org.jspecify.annotations.Nullable;

/** Scores the rows of one task, or some of them, in the task's order: categories sorted, file order inside. */
public final class TaskRunner {

    /** Rows that the model gets together: enough to batch prompts of similar length. */
    private static final int CHUNK = 128;

    /** The same of generation, whose rows take far longer. */
    private static final int GENERATION_CHUNK = 32;

    /** Characters of a chunk of long prompts, for each token of a batch: scores arrive often, and a stop acts soon. */
    private static final long CHARACTERS = 8;

    /** Room beside the longest answer where the task has chains of thought, as in the original. */
    private static final int REASONING_BUFFER = 10;

    /**
     * How tasks are scored.
     *
     * @param limit most rows of a task; null for all
     * @param batchTokens tokens that a device computes at once
     */
    public record Options(@Nullable Integer limit, int batchTokens) {}

    /** Receives scores, in order. May throw a CancellationException to end the scoring. */
    public interface Sink {
        /** @param from index of the first row among the {@link TaskRunner#rows()} */
        void accept(int from, List<ScoredRow> rows);
    }

    private final List<CategoryPrompts> categories;
    private final List<int[]> selected;
    private final ScoringRule rule;
    private final int chunkRows;
    private final long chunkCharacters;

    private TaskRunner(List<CategoryPrompts> categories, List<int[]> selected, ScoringRule rule, int batchTokens) {
        this.categories = categories;
        this.selected = selected;
        this.rule = rule;
        this.chunkRows = rule instanceof GenerationRule ? GENERATION_CHUNK : CHUNK;
        this.chunkCharacters = CHARACTERS * batchTokens;
    }

    /**
     * Reads the rows of a task.
     *
     * @throws org.bandpass.service.ProgramFailure if the file is missing or not usable
     */
    public static TaskRunner open(ProfileTask task, DataFolder data, GauntletModel model, Options options) {
        PromptTokens tokens = new PromptTokens(model);
        List<CategoryPrompts> categories = TaskPrompts.of(task, data, tokens.prefixSpace());
        List<int[]> selected =
                RowSelection.of(categories.stream().map(CategoryPrompts::size).toList(), options.limit());
        int batch = options.batchTokens();
        return new TaskRunner(categories, selected, rule(task, categories, model, tokens, batch), batch);
    }

    /** Returns the most tokens of prompt and answer together: 2,048, or the model's context if that is less. */
    public static int longestPrompt(GauntletModel model) {
        return PromptTokens.longest(model);
    }

    private static ScoringRule rule(
            ProfileTask task, List<CategoryPrompts> categories, GauntletModel model, PromptTokens tokens, int batch) {
        if (task.type() != TaskType.GENERATION) {
            return new LikelihoodRule(task.key(), task.type() != TaskType.LANGUAGE_MODELING, model, tokens, batch);
        }
        String delimiter = task.format().reasoningDelimiter();
        AnswerRule answers = AnswerRule.of(
                task.generation().stops(), delimiter, task.generation().normalized());
        return new GenerationRule(task.key(), answers, mostTokens(categories, tokens), model, tokens, batch);
    }

    /**
     * Returns the tokens that an answer may have: those of the longest chain of thought with delimiter and answer over all
     * rows, and a few more where there are chains of thought.
     */
    private static int mostTokens(List<CategoryPrompts> categories, PromptTokens tokens) {
        int most = categories.stream()
                .flatMap(CategoryPrompts::expectedTexts)
                .mapToInt(text -> tokens.encode(text).length)
                .max()
                .orElse(0);
        return categories.stream().anyMatch(CategoryPrompts::reasons) ? most + REASONING_BUFFER : most;
    }

    /** Returns how many rows are scored. */
    public int rows() {
        return selected.stream().mapToInt(rows -> rows.length).sum();
    }

    /** Returns how many rows the task has. */
    public int allRows() {
        return categories.stream().mapToInt(CategoryPrompts::size).sum();
    }

    /**
     * Scores the rows from an index on.
     *
     * @param from index among the {@link #rows()}; those before it are left out
     * @throws NotFiniteException if the model gives a likelihood that is no number
     */
    public void score(int from, Sink sink) {
        List<AskedRow> chunk = new ArrayList<>();
        int first = from;
        int skip = from;
        long characters = 0;
        for (int c = 0; c < categories.size(); c++) {
            int[] positions = remaining(selected.get(c), skip);
            skip -= selected.get(c).length - positions.length;
            String category = categories.get(c).category();
            for (Prompt prompt : prompts(categories.get(c), positions)) {
                chunk.add(new AskedRow(prompt, category == null ? "" : category));
                characters += characters(prompt);
                if (chunk.size() == chunkRows || characters >= chunkCharacters) {
                    sink.accept(first, scored(chunk));
                    first += chunk.size();
                    chunk.clear();
                    characters = 0;
                }
            }
        }
        if (!chunk.isEmpty()) {
            sink.accept(first, scored(chunk));
        }
    }

    private static long characters(Prompt prompt) {
        long context = prompt.contexts().stream().mapToInt(String::length).sum();
        return prompt.preamble().length() + context;
    }

    private static int[] remaining(int[] positions, int skip) {
        return Arrays.copyOfRange(positions, Math.min(skip, positions.length), positions.length);
    }

    private static Iterable<Prompt> prompts(CategoryPrompts category, int[] positions) {
        return category.only(position -> Arrays.binarySearch(positions, position) >= 0);
    }

    private List<ScoredRow> scored(List<AskedRow> rows) {
        List<RowScore> scores = rule.score(rows);
        List<ScoredRow> scored = new ArrayList<>();
        for (int r = 0; r < scores.size(); r++) {
            scored.add(new ScoredRow(rows.get(r).prompt(), scores.get(r)));
        }
        return scored;
    }
}
