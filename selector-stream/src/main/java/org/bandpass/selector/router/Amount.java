package org.bandpass.selector.router;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bandpass.selector.runtime.Summary;

/** Documents, and the tokens and bytes in them. */
record Amount(long documents, long tokens, long bytes) {

    static final Amount NONE = new Amount(0, 0, 0);

    Amount plus(Amount other) {
        return new Amount(documents + other.documents, tokens + other.tokens, bytes + other.bytes);
    }

    void putInto(ObjectNode node) {
        node.put("documents", documents).put("tokens", tokens).put("bytes", bytes);
    }

    @Override
    public String toString() {
        return Summary.format("%,d documents, %,d tokens, %,d bytes", documents, tokens, bytes);
    }
}
