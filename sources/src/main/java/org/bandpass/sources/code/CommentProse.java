package org.bandpass.sources.code;

import java.util.regex.Pattern;

/**
 * Turns the inside of a comment into prose, without margins, tags and entities. The patterns take linear time: a run is
 * matched only from its beginning and without backtracking, and a tag ends where the next begins.
 */
public final class CommentProse {

    private static final Pattern MARGIN = Pattern.compile("(?m)^[ \t]*+\\*++[ \t]?");
    private static final Pattern INLINE_TAG = Pattern.compile("\\{@\\w++\\s++([^{}]*+)}");
    private static final Pattern BREAK = Pattern.compile(
            "(?i)(?:(?<![ \t])[ \t]++)?+<(/?p|br|/?[uo]l|/?d[ltd]|/?h[1-6]|/?table|/?tr)" + "( [^<>]*+)?/?>[ \t]*+");
    private static final Pattern ITEM = Pattern.compile("(?i)<li( [^<>]*+)?>");
    private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]*+>");
    private static final Pattern BLANK_LINES = Pattern.compile("\\n[ \t]*\\n\\s*\\n");
    private static final Pattern BYLINE = Pattern.compile("(?m)^[ \t]*+@(author|since|version|see)\\b.*\\n?");

    private CommentProse() {}

    /** Returns the prose of a block comment, given without its delimiters. */
    public static String ofComment(String inner) {
        String text = MARGIN.matcher(inner).replaceAll("");
        text = BYLINE.matcher(text).replaceAll("");
        text = INLINE_TAG.matcher(text).replaceAll("$1");
        return ofHtml(text);
    }

    /** Returns the prose of the simple HTML of documentation comments. */
    static String ofHtml(String html) {
        String text = BREAK.matcher(html).replaceAll("\n");
        text = ITEM.matcher(text).replaceAll("- ");
        text = TAG.matcher(text).replaceAll("");
        text = text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&nbsp;", " ")
                .replace("&#64;", "@")
                .replace("&amp;", "&");
        return BLANK_LINES.matcher(text).replaceAll("\n\n").strip();
    }
}
