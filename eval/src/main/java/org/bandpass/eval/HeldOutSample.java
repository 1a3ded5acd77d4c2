package org.bandpass.eval;

import java.util.List;
import java.util.TreeMap;
import org.bandpass.schemas.Document;

/**
 * The held-out documents that are scored: those with the smallest ids, until they have enough bytes together.
 *
 * <p>Ids are hashes of the text, so this is a random sample. It depends on the documents alone, never on the
 * order in which they arrived, and a document that arrives later displaces only the last ones.
 */
final class HeldOutSample {

    private final EvalSettings.HeldOut settings;
    private final TreeMap<String, HeldOutDocument> documents = new TreeMap<>();
    private long bytes;
    private boolean capped;

    HeldOutSample(EvalSettings.HeldOut settings) {
        this.settings = settings;
    }

    void add(Document document) {
        HeldOutDocument added = HeldOutDocument.of(document, settings.documentBytes());
        HeldOutDocument before = documents.get(added.id());
        if (before != null && before.domain().compareTo(added.domain()) <= 0) {
            // The same text again; of two domains the first by name counts, whichever arrived first.
            return;
        }
        documents.put(added.id(), added);
        bytes += added.bytes() - (before == null ? 0 : before.bytes());
        while (settings.bytes() > 0
                && documents.size() > 1
                && bytes - documents.lastEntry().getValue().bytes() >= settings.bytes()) {
            bytes -= documents.pollLastEntry().getValue().bytes();
            capped = true;
        }
    }

    List<HeldOutDocument> documents() {
        return List.copyOf(documents.values());
    }

    /** Returns whether the sample leaves out documents. */
    boolean capped() {
        return capped;
    }
}
