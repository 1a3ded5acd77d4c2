package org.bandpass.languagemodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bandpass.languagemodel.ContinuationModel.Question;

/** Questions of random ids for the models of {@link TinyModels}. */
final class TinyQuestions {

    private TinyQuestions() {}

    /** Prompts of 1 id up to the whole context; a quarter of the questions have only continuations of one id. */
    static List<Question> choices(int count, int choices, int context, long seed) {
        Random random = new Random(seed);
        List<Question> questions = new ArrayList<>();
        for (int q = 0; q < count; q++) {
            int prompt = 1 + (q + random.nextInt(2)) % context;
            int longest = q % 4 == 1 ? 1 : context + 1 - prompt;
            List<int[]> continuations = new ArrayList<>();
            for (int c = 0; c < choices; c++) {
                continuations.add(TinyModels.ids(1 + random.nextInt(longest), random.nextLong()));
            }
            questions.add(new Question(TinyModels.ids(prompt, random.nextLong()), continuations));
        }
        return questions;
    }

    /** Two or three options a row, each a question: contexts of one beginning, and the same continuation. */
    static List<Question> schema(int count) {
        List<Question> questions = new ArrayList<>();
        for (int q = 0; q < count; q++) {
            int[] beginning = TinyModels.ids(6, q);
            List<int[]> end = List.of(TinyModels.ids(1 + q % 3, q + 1000));
            for (int option = 0; option < 2 + q % 2; option++) {
                int[] rest = TinyModels.ids((q + option) % 4, 10L * q + option);
                questions.add(new Question(ContinuationText.joined(beginning, rest), end));
            }
        }
        return questions;
    }
}
