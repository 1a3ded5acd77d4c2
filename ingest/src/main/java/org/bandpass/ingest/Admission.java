package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.Decision.Tokenized;
import org.bandpass.ingest.IngestSettings.Rules;
import org.bandpass.ingest.SourceRecord.Candidate;
import org.bandpass.languagemodel.TextTokenizer;
import org.bandpass.languagemodel.TokenizedText;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.schemas.Unit;
import org.jspecify.annotations.Nullable;

/** Decides what becomes a document, names it and stamps its split. Used by one thread. */
final class Admission {

    private final Rules rules;
    private final Split split;
    private final int documentBytes;
    private final String sourceName;
    private final DuplicateWindow window;
    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final @Nullable TextTokenizer tokenizer;
    private long ordinal;

    /**
     * Begins behind what is in the topic.
     *
     * @param sourceName name of the data set, for the documents
     * @param window the ids admitted last
     * @param ordinal how many documents were admitted before
     * @param tokenizer makes the tokens of sequences; null where documents stay as they are
     */
    Admission(
            IngestSettings settings,
            String sourceName,
            DuplicateWindow window,
            long ordinal,
            @Nullable TextTokenizer tokenizer) {
        this.rules = settings.rules();
        this.split = settings.split();
        this.documentBytes = settings.topics().maxDocumentBytes();
        this.sourceName = sourceName;
        this.window = window;
        this.ordinal = ordinal;
        this.tokenizer = tokenizer;
    }

    Decision decide(Candidate candidate) {
        Refused unfit = unfit(candidate.text());
        if (unfit != null) {
            return unfit;
        }
        byte[] utf8 = candidate.text().getBytes(StandardCharsets.UTF_8);
        String id = DocumentId.of(utf8);
        if (window.contains(id)) {
            return refused(Rejection.DUPLICATE, "the same text as a document among the last " + rules.window());
        }
        // The text alone tells before anything is made of it.
        if (utf8.length > documentBytes) {
            return overLimit();
        }
        return tokenizer == null ? whole(candidate, id, utf8.length) : tokenized(tokenizer, candidate, id, utf8.length);
    }

    private Decision whole(Candidate candidate, String id, int bytes) {
        SplitStamp stamp = split.stamp(id);
        byte[] value = serde.write(document(candidate, id, stamp, bytes));
        if (value.length > documentBytes) {
            return overLimit();
        }
        window.add(id);
        return new Admitted(id, stamp.getPart(), value, ordinal++, domain(candidate), candidate.url(), bytes);
    }

    private Decision tokenized(TextTokenizer of, Candidate candidate, String id, int bytes) {
        TokenizedText text;
        try {
            text = of.tokenize(candidate.text());
        } catch (RuntimeException e) {
            // Without its message, which may quote the text.
            return refused(
                    Rejection.TOKENIZER_FAILED,
                    "the tokenizer failed with " + e.getClass().getSimpleName());
        }
        if (text.ids().length == 0) {
            return refused(Rejection.NO_TOKENS, "the tokenizer makes no tokens of the text");
        }
        window.add(id);
        return new Tokenized(id, split.stamp(id), text, domain(candidate), candidate.url(), bytes);
    }

    private Document document(Candidate candidate, String id, SplitStamp stamp, int bytes) {
        return new Document(
                id,
                Unit.DOCUMENT,
                stamp,
                sourceName,
                domain(candidate),
                candidate.language(),
                candidate.sourceId(),
                candidate.url(),
                candidate.date(),
                candidate.metadata(),
                (long) bytes,
                null,
                null,
                List.of(),
                candidate.text());
    }

    private String domain(Candidate candidate) {
        String domain = candidate.domain();
        return domain == null || domain.isBlank() ? rules.domain() : domain;
    }

    /** Returns why a text is none, or null; one pass over the characters. */
    private @Nullable Refused unfit(String text) {
        int characters = 0;
        int odd = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            characters++;
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return refused(Rejection.BAD_ENCODING, "half of a surrogate pair, which UTF-8 cannot hold");
                }
                i++;
            } else if (isOdd(c)) {
                odd++;
            }
        }
        return unfit(characters, odd);
    }

    private @Nullable Refused unfit(int characters, int odd) {
        if (characters < rules.minCharacters()) {
            return refused(
                    Rejection.TOO_SHORT, characters + " characters, at least " + rules.minCharacters() + " are wanted");
        }
        if (rules.maxCharacters() > 0 && characters > rules.maxCharacters()) {
            return refused(
                    Rejection.TOO_LONG, characters + " characters, at most " + rules.maxCharacters() + " are wanted");
        }
        if (odd > rules.notTextShare() * characters) {
            return refused(Rejection.NOT_TEXT, odd + " of " + characters + " are control or replacement characters");
        }
        return null;
    }

    /** Control characters save white space, the replacement character and what is no character at all. */
    private static boolean isOdd(char c) {
        return c < ' ' ? !Character.isWhitespace(c) : c >= 0x7f && (c < 0xa0 || c >= 0xfff9 && c != 0xfffc);
    }

    private Refused overLimit() {
        return refused(
                Rejection.OVER_RECORD_LIMIT,
                "more than " + documentBytes + " bytes as a record; see document.max.bytes");
    }

    private static Refused refused(Rejection reason, String detail) {
        return new Refused(reason, detail, null);
    }
}
