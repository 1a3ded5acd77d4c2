package org.bandpass.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.bandpass.eval.gauntlet.GauntletModel;
import org.bandpass.eval.gauntlet.TaskRunner;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.languagemodel.ContinuationModel;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.tokenizer.ContextToken;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** A model that only writes down what the gauntlet asks it: the questions of a task's rows as ids. */
final class GauntletRecorder implements GauntletModel, ContinuationModel {

    /** The kinds of the benchmark, each with a task of that kind. */
    private record Example(String kind, String task) {}

    private static final String PROFILE = "paper-v0.2";
    private static final List<Example> EXAMPLES = List.of(
            new Example(EvalRows.MULTIPLE_CHOICE, "arc_easy"),
            new Example("one-token-choices", "mmlu"),
            new Example("language-modeling", "jeopardy"),
            new Example("schema", "winogrande"),
            new Example("generation", "triviaqa_sm_sub"));

    private final ModelConfig config;
    private final TextTokenizer tokenizer;
    private final List<Question> questions = new ArrayList<>();
    private final List<int[]> prompts = new ArrayList<>();
    private int newTokens;

    private GauntletRecorder(ModelConfig config, TextTokenizer tokenizer) {
        this.config = config;
        this.tokenizer = tokenizer;
    }

    /** Returns rows of a task of each type, cut to the context of a model, as its tokenizer encodes them. */
    static List<EvalRows> rows(Path folder, Path gauntlet, int count) {
        Profile profile = Profile.named(PROFILE);
        DataFolder data = DataFolder.of(gauntlet);
        List<EvalRows> kinds = new ArrayList<>();
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            for (Example example : EXAMPLES) {
                ProfileTask task = profile.tasks().stream()
                        .filter(one -> one.label().equals(example.task()))
                        .findFirst()
                        .orElseThrow(() -> new ProgramFailure(PROFILE + " has no task " + example.task()));
                GauntletRecorder recorder = new GauntletRecorder(ModelConfig.read(folder), tokenizer);
                kinds.add(recorder.record(example.kind(), task, data, count));
            }
        }
        return kinds;
    }

    private EvalRows record(String kind, ProfileTask task, DataFolder data, int count) {
        TaskRunner runner = TaskRunner.open(task, data, this, new TaskRunner.Options(count, 1));
        runner.score(0, (from, scored) -> {});
        return new EvalRows(kind, runner.rows(), List.copyOf(questions), List.copyOf(prompts), newTokens);
    }

    @Override
    public List<List<ContinuationScore>> score(List<Question> asked, int batchTokens) {
        questions.addAll(asked);
        return asked.stream()
                .map(question -> question.continuations().stream()
                        .map(ids -> new ContinuationScore(new float[ids.length], false))
                        .toList())
                .toList();
    }

    @Override
    public List<int[]> generate(List<int[]> asked, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended) {
        prompts.addAll(asked);
        newTokens = mostTokens;
        return asked.stream().map(prompt -> new int[0]).toList();
    }

    @Override
    public int contextLength() {
        return config.contextLength();
    }

    @Override
    public int vocabularySize() {
        return config.vocabularySize();
    }

    @Override
    public String revision() {
        return "";
    }

    @Override
    public ContinuationModel continuations() {
        return this;
    }

    @Override
    public int[] encode(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public String decode(int[] ids) {
        return tokenizer.decode(ids);
    }

    @Override
    public @Nullable Integer beginOfText() {
        ContextToken begin = tokenizer.beginOfText();
        return begin == null ? null : begin.id();
    }

    @Override
    public @Nullable Integer endOfText() {
        return tokenizer.hasEndOfText() ? tokenizer.endOfText() : null;
    }

    @Override
    public long bytesOf(String text, int tokens) {
        return tokenizer.bytesOf(text, tokens);
    }

    @Override
    public void close() {}
}
