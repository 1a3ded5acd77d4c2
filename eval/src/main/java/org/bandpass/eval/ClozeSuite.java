package org.bandpass.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the cloze suite: the true continuation of a held-out document among four, the other three taken from other
 * held-out documents of the same domain.
 *
 * <p>Everything is a function of the documents' ids, so every run gets the same questions, whatever the order of the
 * documents. The questions of a domain are about the documents with the smallest ids; the wrong continuations are those
 * of the three documents whose ids hash, together with the id of the question's document, to the smallest values. A
 * document that arrives later thus changes few questions, and those it changes get another id.
 */
final class ClozeSuite {

    /** Documents for each question that wrong continuations may come from. */
    private static final int POOL_PER_ROW = 4;

    /** One domain: passages by document id, bounded, and the number of its held-out documents. */
    private static final class Domain {
        private final TreeMap<String, ClozePassage> passages = new TreeMap<>();
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
        if (domain.passages.containsKey(document.getId())) {
            return;
        }
        domain.documents++;
        ClozePassage passage = document.getUnit() == Unit.SEQUENCE
                ? null
                : ClozePassage.of(
                        document.getId(),
                        document.getText(),
                        settings.contextCharacters(),
                        settings.continuationCharacters());
        if (passage != null) {
            domain.passages.put(passage.id(), passage);
            if (domain.passages.size() > POOL_PER_ROW * (long) settings.rowsPerDomain()) {
                domain.passages.pollLastEntry();
            }
        }
    }

    /** Returns the questions by domain, then by document id. */
    List<ClozeQuestion> questions() {
        List<ClozeQuestion> questions = new ArrayList<>();
        domains.forEach((name, domain) -> domain.passages.values().stream()
                .limit(settings.rowsPerDomain())
                .map(passage -> question(name, passage, domain.passages))
                .filter(Objects::nonNull)
                .forEach(questions::add));
        return questions;
    }

    /** Returns the domains without a question, with their number of held-out documents of any length. */
    SortedMap<String, Integer> leftOut() {
        SortedMap<String, Integer> leftOut = new TreeMap<>();
        domains.forEach((name, domain) -> leftOut.put(name, domain.documents));
        questions().forEach(question -> leftOut.remove(question.domain()));
        return leftOut;
    }

    /** Returns null where fewer than three other documents continue differently. */
    private static @Nullable ClozeQuestion question(
            String domain, ClozePassage asked, SortedMap<String, ClozePassage> pool) {
        SortedMap<Long, ClozePassage> byHash = new TreeMap<>();
        pool.forEach((id, passage) -> byHash.put(IdHash.of("wrong", asked.id(), id), passage));
        List<String> choices = new ArrayList<>();
        List<String> words = new ArrayList<>(List.of("question", asked.id()));
        for (ClozePassage other : byHash.values()) {
            if (choices.size() < ClozeQuestion.CHOICES - 1
                    && !other.continuation().equals(asked.continuation())
                    && !choices.contains(other.continuation())) {
                choices.add(other.continuation());
                words.add(other.id());
            }
        }
        if (choices.size() < ClozeQuestion.CHOICES - 1) {
            return null;
        }
        int gold = IdHash.below(ClozeQuestion.CHOICES, "gold", asked.id());
        choices.add(gold, asked.continuation());
        String id = asked.id() + String.format(Locale.ROOT, ".%08x", (int) IdHash.of(words.toArray(new String[0])));
        return new ClozeQuestion(id, domain, asked.context(), List.copyOf(choices), gold);
    }
}
