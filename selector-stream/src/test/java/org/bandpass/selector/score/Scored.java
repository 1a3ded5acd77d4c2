package org.bandpass.selector.score;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.jspecify.annotations.Nullable;

/** A scored document of a test. */
public record Scored(
        String text,
        double meanNll,
        long tokens,
        String domain,
        String language,
        String modelRevision,
        @Nullable String dtype) {

    public static final String MODEL = "0123456789abcdef";
    private static final AvroSerde<ScoredDocument> SERDE = AvroSerde.of(ScoredDocument.class);
    private static final String[] DOMAINS = {"books", "code", "web"};

    public Scored(String text, double meanNll, long tokens, String domain, String language, String modelRevision) {
        this(text, meanNll, tokens, domain, language, modelRevision, null);
    }

    public static Scored of(String text, double meanNll) {
        return new Scored(text, meanNll, 10, "books", "en", MODEL);
    }

    /** Returns documents whose scores are normal and differ by domain; the same for the same seed. */
    public static List<Scored> many(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Scored> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int domain = Math.min(random.nextInt(4), 2);
            double nll = 3 + domain * 0.7 + random.nextGaussian() * 0.6;
            documents.add(new Scored(
                    "document " + seed + " " + i,
                    Math.abs(nll),
                    5 + random.nextInt(500),
                    DOMAINS[domain],
                    random.nextInt(3) == 0 ? null : "en",
                    MODEL));
        }
        return documents;
    }

    public Scored by(String revision) {
        return new Scored(text, meanNll, tokens, domain, language, revision, dtype);
    }

    /** Returns the same with another dtype, no cap on windows and context token 5. */
    public Scored in(String numbers) {
        return new Scored(text, meanNll, tokens, domain, language, modelRevision, numbers);
    }

    public String id() {
        return DocumentId.of(text);
    }

    ScoredDocument document() {
        String id = id();
        return ScoredDocument.newBuilder()
                .setScore(new Score(
                        meanNll * tokens,
                        tokens,
                        (long) text.length(),
                        1,
                        false,
                        modelRevision,
                        "tok",
                        dtype,
                        dtype == null ? null : 0,
                        dtype == null ? null : 5))
                .setDocument(Document.newBuilder()
                        .setId(id)
                        .setSplit(new Split(1, 0.05, 0.2).stamp(SplitPart.FINAL))
                        .setSource("test")
                        .setDomain(domain)
                        .setLanguage(language)
                        .setBytes(text.length())
                        .setText(text)
                        .build())
                .build();
    }

    /** Returns the record with an unknown schema, as a newer version may write it. */
    public byte[] bytesOfAnUnknownSchema() {
        byte[] bytes = bytes();
        bytes[5] ^= 1;
        return bytes;
    }

    public byte[] bytes() {
        return SERDE.write(document());
    }

    /** Returns nats per token as a reader of the record calculates it. */
    public double readNll() {
        return meanNll * tokens / tokens;
    }
}
