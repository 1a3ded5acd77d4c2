package org.bandpass.eval.prompt;

import java.util.Comparator;

/** The order of Python's strings: by code points. Java compares UTF-16 units, which puts U+10000 before U+FFFF. */
final class CodePoints {

    static final Comparator<String> ORDER = CodePoints::compare;

    private CodePoints() {}

    private static int compare(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int ofA = a.codePointAt(i);
            int ofB = b.codePointAt(i);
            if (ofA != ofB) {
                return Integer.compare(ofA, ofB);
            }
            i += Character.charCount(ofA);
        }
        return Integer.compare(a.length(), b.length());
    }
}
