package org.bandpass.languagemodel.tokenizer;

/** GPT-2's letters for bytes: printable Latin-1 stands for itself, the others follow from U+0100 in order. */
final class ByteAlphabet {
    private static final char[] LETTERS = letters();

    private ByteAlphabet() {}

    static char character(int unsignedByte) {
        return LETTERS[unsignedByte];
    }

    private static char[] letters() {
        char[] letters = new char[256];
        char next = 256;
        for (int b = 0; b < letters.length; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            letters[b] = printable ? (char) b : next++;
        }
        return letters;
    }
}
