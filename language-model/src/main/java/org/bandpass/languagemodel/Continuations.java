package org.bandpass.languagemodel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;

/** The scores of all continuations of some questions, filled in any order; checks the questions first. */
final class Continuations {
    private final List<Question> questions;
    private final float[][][] nats;
    private final boolean[][] allBest;

    /** @throws IllegalArgumentException where a question does not fit a model */
    Continuations(List<Question> questions, int context, int vocabulary) {
        this.questions = questions;
        nats = new float[questions.size()][][];
        allBest = new boolean[questions.size()][];
        for (int q = 0; q < questions.size(); q++) {
            List<int[]> continuations = questions.get(q).continuations();
            checkIds(questions.get(q).prompt(), "the prompt of question " + q, vocabulary);
            nats[q] = new float[continuations.size()][];
            allBest[q] = new boolean[continuations.size()];
            Arrays.fill(allBest[q], true);
            for (int c = 0; c < continuations.size(); c++) {
                String name = "continuation " + c + " of question " + q;
                checkIds(continuations.get(c), name, vocabulary);
                int ids = questions.get(q).prompt().length + continuations.get(c).length;
                if (ids > context + 1) {
                    throw new IllegalArgumentException(name + " and its prompt have " + ids
                            + " ids; expected at most the model's context and one more, " + (context + 1));
                }
                nats[q][c] = new float[continuations.get(c).length];
            }
        }
    }

    /** @throws IllegalArgumentException where a prompt does not fit a model */
    static void checkPrompt(int[] prompt, int index, int context, int vocabulary) {
        checkIds(prompt, "prompt " + index, vocabulary);
        if (prompt.length > context) {
            throw new IllegalArgumentException("prompt " + index + " has " + prompt.length
                    + " ids; expected at most the model's context of " + context);
        }
    }

    private static void checkIds(int[] ids, String name, int vocabulary) {
        if (ids.length == 0) {
            throw new IllegalArgumentException(name + " has no ids; expected at least one");
        }
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException(
                        name + " has id " + id + ", outside the model's vocabulary of " + vocabulary);
            }
        }
    }

    /** Sets the result of a token of a continuation of a question. */
    void put(int question, int continuation, int token, float tokenNats, boolean best) {
        nats[question][continuation][token] = tokenNats;
        allBest[question][continuation] &= best;
    }

    List<List<ContinuationScore>> scores() {
        List<List<ContinuationScore>> scores = new ArrayList<>(questions.size());
        for (int q = 0; q < nats.length; q++) {
            List<ContinuationScore> ofQuestion = new ArrayList<>(nats[q].length);
            for (int c = 0; c < nats[q].length; c++) {
                ofQuestion.add(new ContinuationScore(nats[q][c], allBest[q][c]));
            }
            scores.add(ofQuestion);
        }
        return scores;
    }
}
