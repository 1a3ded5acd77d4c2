package org.bandpass.scorer;

import org.bandpass.schemas.Document;
import org.bandpass.schemas.Split;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Sees to it that all documents were split in the same way. One thread at a time. */
final class SplitCheck {

    private @Nullable Split first;

    /**
     * Takes a document.
     *
     * @param where position of its record, for messages
     * @throws ProgramFailure if its split has another seed or other shares than the first
     */
    void check(Document document, String where) {
        Split stamped = Split.of(document.getSplit());
        if (first == null) {
            first = stamped;
        } else if (!first.equals(stamped)) {
            throw new ProgramFailure("the document at " + where + " is stamped with the split " + words(stamped)
                    + ", those before it with " + words(first)
                    + ": what is final by one may have trained the reference model by the other; ingest all with"
                    + " the same seed and shares, or use another topic.prefix");
        }
    }

    private static String words(Split split) {
        return "(seed " + split.seed() + ", held-out " + split.heldOutShare() + ", reference " + split.referenceShare()
                + ")";
    }
}
