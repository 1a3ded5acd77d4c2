package org.bandpass.languagemodel;

import java.util.Comparator;
import java.util.List;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;

/** Scores questions with their prompts computed once, in batches of similar length. */
final class SharedContinuations {
    private final TorchProgram program;
    private final int context;
    private final int vocabulary;

    SharedContinuations(TorchProgram program, ModelConfig config) {
        this.program = program;
        context = config.contextLength();
        vocabulary = config.vocabularySize();
    }

    List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
        Continuations scores = new Continuations(questions, context, vocabulary);
        List<SharedRow> rows = SharedRow.of(questions);
        rows.sort(Comparator.comparingInt(SharedRow::positions).reversed());
        int budget = Math.min(batchTokens, ProgramSource.GROUP_TOKENS);
        for (int at = 0; at < rows.size(); ) {
            int end = end(rows, at, budget);
            new SharedBatch(rows.subList(at, end), context).compute(program, scores);
            at = end;
        }
        return scores.scores();
    }

    /** The end of a batch: as many rows as fit into the budget, padding included, but at least one. */
    private static int end(List<SharedRow> rows, int at, int budget) {
        int shared = rows.get(at).shared();
        int tail = rows.get(at).tail();
        int end = at + 1;
        while (end < rows.size()) {
            shared = Math.max(shared, rows.get(end).shared());
            tail = Math.max(tail, rows.get(end).tail());
            if ((end + 1 - at) * (shared + tail) > budget) {
                break;
            }
            end++;
        }
        return end;
    }
}
