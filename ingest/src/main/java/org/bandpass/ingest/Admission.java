package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.Decision.Tokenized;
import org.bandpass.ingest.Decision.Undecided;
import org.bandpass.ingest.IngestSettings.Rules;
import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.schemas.Unit;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which texts become documents, and gives each its id and split. Used by one thread.
 *
 * @param sourceName the documents' field source
 * @param window the ids admitted last
 * @param tokenizing makes the tokens of sequences; null where whole documents are written
 */
record Admission(
        IngestSettings settings,
        String sourceName,
        DuplicateWindow window,
        @Nullable TokenizingThreads tokenizing) {

    private static final AvroSerde<Document> DOCUMENTS = AvroSerde.of(Document.class);

    /** Refuses a candidate that is unfit whatever came before it; otherwise prepares its decision. */
    Decision prepare(Candidate candidate) {
        // A character has at least one byte: a text that is too long need not be encoded.
        Refused unfit = candidate.text().length() > documentBytes() ? overLimit() : unfit(candidate.text());
        if (unfit != null) {
            return unfit;
        }
        byte[] utf8 = candidate.text().getBytes(StandardCharsets.UTF_8);
        String id = DocumentId.of(utf8);
        if (tokenizing == null) {
            return new Undecided(candidate, id, utf8.length, null);
        }
        // A duplicate will most likely still be one when its turn comes; it needs no tokens.
        boolean wanted = utf8.length <= documentBytes() && !window.contains(id);
        Future<TokenizedText> text = wanted ? tokenizing.tokenize(candidate.text()) : null;
        return new Undecided(withoutUnusedFields(candidate), id, utf8.length, text);
    }

    /** Many candidates may wait, and sequences keep no other fields of their documents. */
    private static Candidate withoutUnusedFields(Candidate candidate) {
        return new Candidate(candidate.text(), candidate.domain(), null, null, candidate.url(), null, Map.of());
    }

    /** Decides about a candidate; the order of these calls is the order of admission. */
    Decision decide(Undecided next) {
        if (window.contains(next.id())) {
            return new Refused(
                    Rejection.DUPLICATE,
                    "the same text as a document among the last "
                            + settings.rules().window());
        }
        if (next.bytes() > documentBytes()) {
            return overLimit();
        }
        return tokenizing == null ? whole(next) : tokenized(next, tokenizing);
    }

    private Decision whole(Undecided next) {
        Candidate candidate = next.candidate();
        String id = next.id();
        String domain = domain(candidate);
        SplitStamp stamp = settings.split().stamp(id);
        byte[] value = DOCUMENTS.write(new Document(
                id,
                Unit.DOCUMENT,
                stamp,
                sourceName,
                domain,
                candidate.language(),
                candidate.sourceId(),
                candidate.url(),
                candidate.date(),
                candidate.metadata(),
                (long) next.bytes(),
                null,
                null,
                List.of(),
                candidate.text()));
        if (value.length > documentBytes()) {
            return overLimit();
        }
        window.add(id);
        return new Admitted(id, stamp.getPart(), value, domain, candidate.url(), next.bytes());
    }

    private Decision tokenized(Undecided next, TokenizingThreads threads) {
        Candidate candidate = next.candidate();
        TokenizedText text;
        try {
            text = TokenizingThreads.await(next.text() == null ? threads.tokenize(candidate.text()) : next.text());
        } catch (TokenizerFailedException e) {
            return new Refused(Rejection.TOKENIZER_FAILED, String.valueOf(e.getMessage()));
        }
        if (text.ids().length == 0) {
            return new Refused(Rejection.NO_TOKENS, "the tokenizer makes no tokens of the text");
        }
        String id = next.id();
        window.add(id);
        return new Tokenized(id, settings.split().stamp(id), text, domain(candidate), candidate.url(), next.bytes());
    }

    private String domain(Candidate candidate) {
        String domain = candidate.domain();
        if (domain == null || domain.isBlank()) {
            return settings.rules().domain();
        }
        // As readers will decode it: half a surrogate pair would split one domain of the topics in two.
        return new String(domain.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** Returns why a text is refused, or null; one pass over the characters. */
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
                    return new Refused(Rejection.BAD_ENCODING, "half of a surrogate pair, which UTF-8 cannot hold");
                }
                i++;
            } else if (isOdd(c)) {
                odd++;
            }
        }
        return unfit(characters, odd);
    }

    private @Nullable Refused unfit(int characters, int odd) {
        Rules rules = settings.rules();
        if (characters < rules.minCharacters()) {
            return new Refused(
                    Rejection.TOO_SHORT, characters + " characters, at least " + rules.minCharacters() + " are wanted");
        }
        if (rules.maxCharacters() > 0 && characters > rules.maxCharacters()) {
            return new Refused(
                    Rejection.TOO_LONG, characters + " characters, at most " + rules.maxCharacters() + " are wanted");
        }
        if (odd > rules.notTextShare() * characters) {
            return new Refused(
                    Rejection.NOT_TEXT, odd + " of " + characters + " are control or replacement characters");
        }
        return null;
    }

    /** Control characters except white space, the replacement character, and code points that are no characters. */
    private static boolean isOdd(char c) {
        return c < ' ' ? !Character.isWhitespace(c) : c >= 0x7f && (c < 0xa0 || c >= 0xfff9 && c != 0xfffc);
    }

    private int documentBytes() {
        return settings.topics().maxDocumentBytes();
    }

    private Refused overLimit() {
        return new Refused(
                Rejection.OVER_RECORD_LIMIT,
                "more than " + documentBytes() + " bytes as a record; see document.max.bytes");
    }
}
