package org.bandpass.trainer.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Unit;

/** Made-up documents for tests. */
public final class Texts {

    static final Split SPLIT = new Split(17, 0.05, 0.20);

    private static final String[] WORDS = {
        "band", "ridge", "water", "the", "of", "naïve", "über", "token", "seven", "river", "and", "stone"
    };

    private Texts() {}

    /** Returns a text of that many words. */
    public static String words(long seed, int count) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(9) == 0 ? ".\n" : " ");
        }
        return text.append(seed).toString();
    }

    public static Document document(String text, SplitPart part, Split split) {
        return Document.newBuilder()
                .setId(DocumentId.of(text))
                .setSplit(split.stamp(part))
                .setSource("test")
                .setDomain("prose")
                .setBytes(text.getBytes(StandardCharsets.UTF_8).length)
                .setText(text)
                .build();
    }

    public static Document document(String text, SplitPart part) {
        return document(text, part, SPLIT);
    }

    /** Returns documents of different lengths, all different, of one part. */
    public static List<Document> documents(SplitPart part, int count, int words) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            documents.add(document(words(1000L * part.ordinal() + i, 1 + words * (i % 7) / 3), part));
        }
        return documents;
    }

    static Document sequence(List<Integer> ids, String tokenizerRevision) {
        return Document.newBuilder(document("", SplitPart.FINAL))
                .setId(DocumentId.of(ids.stream().mapToInt(Integer::intValue).toArray()))
                .setUnit(Unit.SEQUENCE)
                .setTokenIds(ids)
                .setTokenizerRevision(tokenizerRevision)
                .build();
    }
}
