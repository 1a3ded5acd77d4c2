package org.bandpass.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;

/** Invented documents for tests. */
final class Texts {

    static final Split SPLIT = new Split(17, 0.05, 0.20);

    private static final String[] SYLLABLES = {"ba", "nu", "te", "ki", "lor", "mé", "sun", "о", "vi", "gra"};

    private Texts() {}

    /** Returns a text of words with the given number of characters. */
    static String words(long seed, int characters) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < characters) {
            int syllables = 1 + random.nextInt(4);
            for (int s = 0; s < syllables; s++) {
                text.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            text.append(random.nextInt(12) == 0 ? ".\n" : " ");
        }
        return text.substring(0, characters);
    }

    static Document document(String domain, String text) {
        return document(domain, text, SplitPart.HELD_OUT, SPLIT);
    }

    static Document document(String domain, String text, SplitPart part, Split split) {
        return Document.newBuilder()
                .setId(DocumentId.of(text))
                .setSplit(split.stamp(part))
                .setSource("test")
                .setDomain(domain)
                .setBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                .setText(text)
                .build();
    }

    /** Returns documents of one domain, all different. */
    static List<Document> documents(String domain, int count, int characters) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            documents.add(document(domain, words(31L * domain.hashCode() + i, characters + 7 * i)));
        }
        return documents;
    }
}
