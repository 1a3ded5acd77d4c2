package org.bandpass.eval.gauntlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.jspecify.annotations.Nullable;

/**
 * The questions that one row asks a model. Options with the same prompt are one question; options that are equal are
 * asked once, so that they tie exactly.
 */
final class RowQuestions {

    /** Where the score of an option is: which question, and which of its continuations. */
    private record Place(int question, int continuation) {}

    private final PromptTokens tokens;
    private final PromptTokens.Preamble preamble;
    private final List<Integer> shotStarts;
    private final List<Question> questions = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private int cut;
    private @Nullable String error;

    private RowQuestions(Prompt prompt, PromptTokens tokens) {
        this.tokens = tokens;
        this.preamble = tokens.preamble(prompt.preamble());
        this.shotStarts = prompt.shotStarts();
    }

    /** Returns the questions of a row: every context with every continuation, of which one list has one entry. */
    static RowQuestions of(Prompt prompt, PromptTokens tokens) {
        RowQuestions row = new RowQuestions(prompt, tokens);
        List<int[]> continuations =
                prompt.continuations().stream().map(tokens::encode).toList();
        for (String context : prompt.contexts()) {
            PromptTokens.Context ids = tokens.context(row.preamble, context);
            int first = row.questions.size();
            continuations.forEach(continuation -> row.add(ids, continuation, first));
        }
        return row;
    }

    private void add(PromptTokens.Context context, int[] continuation, int first) {
        int room = tokens.longest() - continuation.length;
        if (continuation.length == 0) {
            error = "option " + places.size() + " has no tokens";
        } else if (room < 1) {
            error = "option " + places.size() + " has " + continuation.length + " tokens; the longest prompt with its"
                    + " answer has " + tokens.longest();
        } else if (context.ids().length == 0) {
            error = "nothing stands in front of option " + places.size();
        } else {
            int[] prompt = context.last(room);
            cut = Math.max(cut, context.cut(room));
            places.add(place(prompt, continuation, first));
            return;
        }
        places.add(new Place(-1, -1));
    }

    private Place place(int[] prompt, int[] continuation, int first) {
        int question = first;
        while (question < questions.size() && questions.get(question).prompt().length != prompt.length) {
            question++;
        }
        if (question == questions.size()) {
            questions.add(new Question(prompt, new ArrayList<>()));
        }
        List<int[]> continuations = questions.get(question).continuations();
        int index = 0;
        while (index < continuations.size() && !Arrays.equals(continuations.get(index), continuation)) {
            index++;
        }
        if (index == continuations.size()) {
            continuations.add(continuation);
        }
        return new Place(question, index);
    }

    /** Returns the questions; none where the row has an error. */
    List<Question> questions() {
        return error == null ? questions : List.of();
    }

    @Nullable
    String error() {
        return error;
    }

    /** Returns the score of each option, given those of the questions. */
    List<ContinuationScore> options(List<List<ContinuationScore>> scores) {
        return places.stream()
                .map(place -> scores.get(place.question()).get(place.continuation()))
                .toList();
    }

    /** Returns the most tokens cut from the beginning of a prompt. */
    int tokensCut() {
        return cut;
    }

    int shotsLost() {
        return tokens.shotsLost(preamble, cut, shotStarts);
    }
}
