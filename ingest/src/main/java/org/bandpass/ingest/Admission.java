package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.Decision.Tokenized;
import org.bandpass.ingest.IngestSettings.Rules;
import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.schemas.Unit;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.jspecify.annotations.Nullable;

/** Decides what becomes a document, names it and stamps its split. Used by one thread. */
final class Admission {

    private final Rules rules;
    private final Split split;
    private final int documentBytes;
    private final String sourceName;
    private final DuplicateWindow window;
    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final @Nullable TokenizingThreads tokenizing;
    private long ordinal;

    /**
     * Begins after what is in the topic.
     *
     * @param sourceName name of the data set, for the documents
     * @param window the ids admitted last
     * @param ordinal how many documents were admitted before
     * @param tokenizing makes the tokens of sequences; null where documents stay as they are
     */
    Admission(
            IngestSettings settings,
            String sourceName,
            DuplicateWindow window,
            long ordinal,
            @Nullable TokenizingThreads tokenizing) {
        this.rules = settings.rules();
        this.split = settings.split();
        this.documentBytes = settings.topics().maxDocumentBytes();
        this.sourceName = sourceName;
        this.window = window;
        this.ordinal = ordinal;
        this.tokenizing = tokenizing;
    }

    /**
     * A candidate of which all is known that does not depend on those before it.
     *
     * @param candidate the candidate
     * @param id document id
     * @param bytes length of the text in UTF-8
     * @param text its tokens, being made; null where they are not wanted
     */
    record Prepared(
            Candidate candidate,
            String id,
            int bytes,
            @Nullable Future<TokenizedText> text) {

        boolean isReady() {
            return text == null || text.isDone();
        }

        /** Returns about how many bytes of memory it takes. */
        long held() {
            return bytes + length(candidate.domain()) + length(candidate.url());
        }

        private static long length(@Nullable String text) {
            return text == null ? 0 : text.length();
        }
    }

    /** Returns why a candidate is refused whatever came before it, or null. */
    @Nullable
    Refused unfit(Candidate candidate) {
        // A character has a byte at least, so the text is not encoded only to be refused.
        return candidate.text().length() > documentBytes ? overLimit() : unfit(candidate.text());
    }

    /** Looks at a candidate that is not unfit, whose turn may come later. */
    Prepared prepare(Candidate candidate) {
        byte[] utf8 = candidate.text().getBytes(StandardCharsets.UTF_8);
        String id = DocumentId.of(utf8);
        if (tokenizing == null) {
            return new Prepared(candidate, id, utf8.length, null);
        }
        // A repeat is most likely still one when its turn comes; it needs no tokens.
        boolean wanted = utf8.length <= documentBytes && !window.contains(id);
        return new Prepared(bare(candidate), id, utf8.length, wanted ? tokenizing.tokenize(candidate.text()) : null);
    }

    /** Sequences carry nothing else of their documents, and many may wait here. */
    private static Candidate bare(Candidate candidate) {
        return new Candidate(candidate.text(), candidate.domain(), null, null, candidate.url(), null, Map.of());
    }

    /** Decides about a candidate; the order of these calls is the order of admission. */
    Decision decide(Prepared prepared) {
        if (window.contains(prepared.id())) {
            return refused(Rejection.DUPLICATE, "the same text as a document among the last " + rules.window());
        }
        if (prepared.bytes() > documentBytes) {
            return overLimit();
        }
        if (tokenizing == null) {
            return whole(prepared.candidate(), prepared.id(), prepared.bytes());
        }
        Future<TokenizedText> text = prepared.text();
        return tokenized(
                prepared,
                text == null ? tokenizing.tokenize(prepared.candidate().text()) : text);
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

    private Decision tokenized(Prepared prepared, Future<TokenizedText> made) {
        TokenizedText text;
        try {
            text = TokenizingThreads.await(made);
        } catch (TokenizerFailedException e) {
            return refused(Rejection.TOKENIZER_FAILED, String.valueOf(e.getMessage()));
        }
        if (text.ids().length == 0) {
            return refused(Rejection.NO_TOKENS, "the tokenizer makes no tokens of the text");
        }
        String id = prepared.id();
        window.add(id);
        Candidate candidate = prepared.candidate();
        return new Tokenized(id, split.stamp(id), text, domain(candidate), candidate.url(), prepared.bytes());
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
        if (domain == null || domain.isBlank()) {
            return rules.domain();
        }
        // As it will be read: half a surrogate pair would make two domains of what is one in the topics.
        return new String(domain.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
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
