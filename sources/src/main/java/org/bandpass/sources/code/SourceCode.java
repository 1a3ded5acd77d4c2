package org.bandpass.sources.code;

import java.util.Locale;

/**
 * Source code of Java or Scala, split into code and comments.
 *
 * @param licence the prose of the first comment if it is a licence, else empty
 * @param code the code without comments
 * @param prose the text of the comments, one paragraph each
 */
public record SourceCode(String licence, String code, String prose) {

    /** Splits code; comments and strings that are open at the end of the text end there. */
    public static SourceCode read(String text, boolean nestedComments) {
        Scanner scanner = new Scanner(text, nestedComments);
        scanner.scan();
        return new SourceCode(
                scanner.licence, scanner.tidied(), scanner.prose.toString().strip());
    }

    /** Makes one pass over the text. Strings and character literals may contain the delimiters of comments. */
    private static final class Scanner {

        /** Shorter runs of line comments are mostly disabled code, or remarks without a sentence, characters. */
        private static final int SHORTEST_REMARK = 60;

        private final String text;
        private final boolean nested;
        private final StringBuilder code = new StringBuilder();
        private final StringBuilder prose = new StringBuilder();
        private final StringBuilder remark = new StringBuilder();
        private String licence = "";
        private boolean codeBegun;
        private int at;

        Scanner(String text, boolean nested) {
            this.text = text;
            this.nested = nested;
        }

        void scan() {
            while (at < text.length()) {
                if (text.startsWith("/*", at)) {
                    blockComment();
                } else if (text.startsWith("//", at)) {
                    lineComment();
                } else if (text.startsWith("\"\"\"", at)) {
                    copy(closing("\"\"\"", at + 3, !nested));
                } else if (text.charAt(at) == '"') {
                    copy(closing("\"", at + 1, true));
                } else if (isCharacter()) {
                    copy(closing("'", at + 1, true));
                } else {
                    plain();
                }
            }
            endRemark();
        }

        String tidied() {
            return code.toString()
                    .replaceAll("(?<![ \t])[ \t]++\n", "\n")
                    .replaceAll("\n{3,}", "\n\n")
                    .strip();
        }

        private void plain() {
            char c = text.charAt(at++);
            code.append(c);
            codeBegun |= !Character.isWhitespace(c);
            if (c == '\n' && code.length() > 1 && code.charAt(code.length() - 2) == '\n') {
                endRemark();
            }
        }

        /** In Scala an apostrophe also begins a symbol, without another at its end. */
        private boolean isCharacter() {
            return text.charAt(at) == '\''
                    && (at + 2 < text.length() && (text.charAt(at + 2) == '\'' || text.charAt(at + 1) == '\\'));
        }

        private void copy(int end) {
            code.append(text, at, end);
            codeBegun = true;
            at = end;
        }

        /** Returns the position after a closing mark. A mark of one character closes at the end of its line at the latest. */
        private int closing(String mark, int from, boolean escapes) {
            int i = from;
            while (i < text.length()) {
                if (escapes && text.charAt(i) == '\\') {
                    i += 2;
                } else if (text.startsWith(mark, i)) {
                    return i + mark.length();
                } else if (mark.length() == 1 && text.charAt(i) == '\n') {
                    return i;
                } else {
                    i++;
                }
            }
            return text.length();
        }

        private void blockComment() {
            endRemark();
            int end = endOfBlock();
            String inner = text.substring(Math.min(at + 2, end), Math.max(Math.min(at + 2, end), end - 2));
            at = end;
            String words = CommentProse.ofComment(inner);
            addComment(words, !words.isBlank());
        }

        private int endOfBlock() {
            int depth = 1;
            int i = at + 2;
            while (i < text.length()) {
                if (text.startsWith("*/", i)) {
                    i += 2;
                    if (--depth == 0) {
                        return i;
                    }
                } else if (nested && text.startsWith("/*", i)) {
                    depth++;
                    i += 2;
                } else {
                    i++;
                }
            }
            return text.length();
        }

        private void lineComment() {
            int feed = text.indexOf('\n', at);
            int end = feed < 0 ? text.length() : feed;
            while (at < end && text.charAt(at) == '/') {
                at++;
            }
            remark.append(text.substring(at, end).strip()).append('\n');
            at = end;
        }

        private void endRemark() {
            String words = remark.toString().strip();
            remark.setLength(0);
            addComment(words, words.length() >= SHORTEST_REMARK && !words.contains(";\n"));
        }

        private void addComment(String words, boolean isProse) {
            if (!codeBegun && licence.isEmpty() && isLicence(words)) {
                licence = words;
            } else if (isProse) {
                prose.append(words).append("\n\n");
            }
        }

        private static boolean isLicence(String words) {
            String lower = words.toLowerCase(Locale.ROOT);
            return lower.contains("licens") || lower.contains("licenc") || lower.contains("copyright");
        }
    }
}
