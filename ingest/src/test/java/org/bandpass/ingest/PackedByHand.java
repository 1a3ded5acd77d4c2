package org.bandpass.ingest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;

/**
 * The expected sequences, made in the plainest way: one long list of tokens for each domain and part, each token with
 * its document and its bytes, cut after every N.
 */
final class PackedByHand {

    /** An expected sequence. */
    record Sequence(String id, List<Integer> tokens, List<String> covers, long bytes, String domain, SplitPart part) {}

    private record Token(int id, String document, long bytes) {}

    private record Place(String domain, SplitPart part) {}

    private final TextTokenizer tokenizer;
    private final int length;
    private final Split split = new Split(17, 0.05, 0.2);
    private final Map<Place, List<Token>> waiting = new LinkedHashMap<>();
    private final Set<Place> begun = new LinkedHashSet<>();
    private final List<Sequence> sequences = new ArrayList<>();

    PackedByHand(TextTokenizer tokenizer, int length) {
        this.tokenizer = tokenizer;
        this.length = length;
    }

    void add(String domain, String text) {
        String document = DocumentId.of(text);
        Place place = new Place(domain, split.stamp(document).getPart());
        List<Token> tokens = waiting.computeIfAbsent(place, p -> new ArrayList<>());
        if (!begun.add(place)) {
            tokens.add(new Token(tokenizer.endOfText(), "", 0));
        }
        int[] ids = tokenizer.encode(text);
        for (int i = 0; i < ids.length; i++) {
            tokens.add(new Token(ids[i], document, tokenizer.bytesOf(text, i + 1) - tokenizer.bytesOf(text, i)));
        }
        while (tokens.size() >= length) {
            List<Token> cut = tokens.subList(0, length);
            sequences.add(sequence(cut, place));
            cut.clear();
        }
    }

    private static Sequence sequence(List<Token> tokens, Place place) {
        List<String> covers = new ArrayList<>();
        boolean between = true;
        for (Token token : tokens) {
            if (token.document().isEmpty()) {
                between = true;
            } else if (between) {
                covers.add(token.document());
                between = false;
            }
        }
        List<Integer> ids = tokens.stream().map(Token::id).toList();
        return new Sequence(
                DocumentId.of(ids.stream().mapToInt(Integer::intValue).toArray()),
                ids,
                covers,
                tokens.stream().mapToLong(Token::bytes).sum(),
                place.domain(),
                place.part());
    }

    /** Returns the full sequences in order. */
    List<Sequence> sequences() {
        return sequences;
    }

    /** Returns the sequences of each partition. */
    List<List<Sequence>> byPartition(int partitions) {
        List<List<Sequence>> by = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            by.add(new ArrayList<>());
        }
        for (int i = 0; i < sequences.size(); i++) {
            by.get(i % partitions).add(sequences.get(i));
        }
        return by;
    }

    int tokensWaiting() {
        return waiting.values().stream().mapToInt(List::size).sum();
    }
}
