package org.bandpass.ingest;

/**
 * How documents are packed into sequences.
 *
 * @param tokens tokens of a sequence
 * @param mostDomains domains that have packers of their own
 * @param endOfText what stands between two documents
 * @param tokenizerRevision revision of the tokenizer
 */
record PackingRules(int tokens, int mostDomains, int endOfText, String tokenizerRevision) {}
