package org.bandpass.sources.code;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits long texts into pieces of a few kilobytes at line ends where a reader would pause: after the closing brace of a
 * member or before a blank line in code, between paragraphs in prose. Only blank lines at the cuts are dropped.
 */
public final class TextPieces {

    /** From this length on a piece ends at the next pause, characters. */
    private static final int ENOUGH = 2_000;
    /** From this length on a piece ends at the next line end. */
    private static final int TOO_MUCH = 8_000;
    /** A shorter remainder stays with the last piece. */
    private static final int TOO_LITTLE = 500;

    private TextPieces() {}

    public static List<String> ofCode(String code) {
        return cut(code, true);
    }

    public static List<String> ofProse(String prose) {
        return cut(prose, false);
    }

    private static List<String> cut(String text, boolean code) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            int feed = text.indexOf('\n', at);
            int next = feed < 0 ? text.length() : feed + 1;
            int length = next - start;
            boolean pause = length >= ENOUGH && isPause(text, at, next, code);
            if ((pause || length >= TOO_MUCH) && text.length() - next >= TOO_LITTLE) {
                add(pieces, text.substring(start, next));
                start = next;
            }
            at = next;
        }
        add(pieces, text.substring(start));
        return pieces;
    }

    /** Returns whether a reader would pause after the line [from, next). */
    private static boolean isPause(String text, int from, int next, boolean code) {
        if (next < text.length() && text.charAt(next) == '\n') {
            return true;
        }
        // The brace of a member of a top-level type stands at the first level of indentation.
        String line = text.substring(from, next).stripTrailing();
        return code && (line.equals("    }") || line.equals("  }") || line.equals("}"));
    }

    private static void add(List<String> pieces, String piece) {
        String stripped = piece.replaceFirst("^\\n+", "").stripTrailing();
        if (!stripped.isEmpty()) {
            pieces.add(stripped);
        }
    }
}
