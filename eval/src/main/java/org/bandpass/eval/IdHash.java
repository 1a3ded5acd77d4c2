package org.bandpass.eval;

/** A hash of words that never changes: the random choices of the cloze suite are functions of ids. */
final class IdHash {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private IdHash() {}

    /** Returns 64 well mixed bits: FNV-1a over the words' chars, then the finaliser of MurmurHash3. */
    static long of(String... words) {
        long hash = FNV_OFFSET;
        for (String word : words) {
            for (int i = 0; i < word.length(); i++) {
                hash = (hash ^ word.charAt(i)) * FNV_PRIME;
            }
            // No id has this char, so ("ab", "c") and ("a", "bc") differ.
            hash = (hash ^ 0xffff) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    /** Returns a number in [0, bound). */
    static int below(int bound, String... words) {
        return (int) Long.remainderUnsigned(of(words), bound);
    }
}
