package org.bandpass.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Unit;

/**
 * Makes the cloze suite: after some characters of a held-out document, its next three words in their true order, and the
 * same words in another order. Both choices have the same words and bytes, so only the order separates them: which words are
 * frequent or long does not help. Models of a million parameters learn this within minutes.
 *
 * <p>Everything is a function of the documents' ids and texts, so every run gets the same questions, whatever the order of
 * the documents. The questions of a domain are about its passages of the smallest ranks. A document that arrives later thus
 * displaces few questions and changes none.
 */
final class ClozeSuite {

    /** One domain: passages of the smallest ranks, and the number of its held-out documents. */
    private static final class Domain {
        private final TreeSet<ClozePassage> passages = new TreeSet<>(ClozePassage.BY_RANK);
        private int documents;
    }

    private final EvalSettings.Cloze settings;
    private final SortedMap<String, Domain> domains = new TreeMap<>();

    ClozeSuite(EvalSettings.Cloze settings) {
        this.settings = settings;
    }

    /** Takes a held-out document; a packed sequence counts, but has no text for a question. */
    void add(Document document) {
        Domain domain = domains.computeIfAbsent(document.getDomain(), name -> new Domain());
        domain.documents++;
        if (document.getUnit() == Unit.SEQUENCE) {
            return;
        }
        domain.passages.addAll(ClozePassage.of(document.getId(), document.getText(), settings.contextCharacters()));
        while (domain.passages.size() > settings.rowsPerDomain()) {
            domain.passages.pollLast();
        }
    }

    /** Returns the questions by domain, then by id. */
    List<ClozeQuestion> questions() {
        List<ClozeQuestion> questions = new ArrayList<>();
        domains.forEach((name, domain) -> domain.passages.stream()
                .map(passage -> ClozeQuestion.of(name, passage))
                .sorted(Comparator.comparing(ClozeQuestion::id))
                .forEach(questions::add));
        return questions;
    }

    /** Returns the domains without a question, with their number of held-out documents of any length. */
    SortedMap<String, Integer> leftOut() {
        SortedMap<String, Integer> leftOut = new TreeMap<>();
        domains.forEach((name, domain) -> {
            if (domain.passages.isEmpty()) {
                leftOut.put(name, domain.documents);
            }
        });
        return leftOut;
    }
}
