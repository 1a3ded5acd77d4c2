package org.bandpass.trainer.tokenizer;

import java.util.Iterator;
import java.util.TreeMap;

/**
 * The texts that a tokenizer is trained on: those with the smallest ids, until they have enough bytes together. Ids are
 * hashes of the text, so that this is a random sample of all domains; it depends on the documents alone, never on the
 * order in which they arrived or the partitions they lie in.
 */
final class TokenizerSample {

    private record Text(String text, long bytes) {}

    private final long maxBytes;
    private final TreeMap<String, Text> texts = new TreeMap<>();
    private long bytes;

    /**
     * Begins empty.
     *
     * @param maxBytes UTF-8 bytes of all texts together; the last one may go beyond
     */
    TokenizerSample(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds a text that may be in the sample; the same one again changes nothing. */
    void add(String id, String text, long textBytes) {
        if (texts.putIfAbsent(id, new Text(text, textBytes)) != null) {
            return;
        }
        bytes += textBytes;
        while (bytes - texts.lastEntry().getValue().bytes() >= maxBytes) {
            bytes -= texts.pollLastEntry().getValue().bytes();
        }
    }

    Iterator<String> texts() {
        return texts.values().stream().map(Text::text).iterator();
    }

    int documents() {
        return texts.size();
    }

    long bytes() {
        return bytes;
    }
}
