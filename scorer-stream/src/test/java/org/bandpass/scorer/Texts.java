package org.bandpass.scorer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;

/** Made-up documents for tests. */
final class Texts {

    static final Split SPLIT = new Split(17, 0.05, 0.20);

    private static final String[] SYLLABLES = {"ba", "nu", "te", "ki", "lor", "mé", "sun", "о", "vi", "gra"};

    private Texts() {}

    /** Returns a text of words with a number of characters. */
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

    /** Copies a resource of the tests into a folder. */
    static Path resource(Path folder, String name) throws IOException {
        try (InputStream content = Objects.requireNonNull(Texts.class.getResourceAsStream(name), name)) {
            return Files.write(folder.resolve(name), content.readAllBytes());
        }
    }

    /** Returns a document in the part of the split that its id determines. */
    static Document document(String text) {
        return document(text, SPLIT.partOf(DocumentId.of(text)), SPLIT);
    }

    static Document document(String text, SplitPart part, Split split) {
        return Document.newBuilder()
                .setId(DocumentId.of(text))
                .setSplit(split.stamp(part))
                .setSource("test")
                .setDomain("prose")
                .setBytes(text.getBytes(StandardCharsets.UTF_8).length)
                .setText(text)
                .build();
    }

    static Document finalDocument(String text) {
        return document(text, SplitPart.FINAL, SPLIT);
    }

    /** Returns different documents of all parts of the split and of many lengths. */
    static List<Document> documents(long seed, int count) {
        List<Document> documents = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            documents.add(document(words(random.nextLong(), 1 + (int) Math.exp(random.nextDouble() * 7.5))));
        }
        return documents;
    }
}
