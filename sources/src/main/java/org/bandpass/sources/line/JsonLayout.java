package org.bandpass.sources.line;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** How records stand in a file of JSON. */
public enum JsonLayout {
    /** One a line. */
    LINES,
    /** One, or several in a row, over any number of lines. */
    OBJECTS,
    /** The elements of one array. */
    ARRAY;

    /** Bytes of a file that are enough to tell. */
    public static final int HEAD = 64 << 10;

    /** A line that begins with an object; before it a byte order mark may stand. */
    private static final Pattern OBJECT = Pattern.compile("(?dm)^[ \\t\\x80-\\xff]*+\\{");

    /** A character, a number or a word that the head cuts off looks wrong to a parser so close to its end. */
    private static final int LONGEST_CUT = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(HEAD)
                    .maxNameLength(HEAD)
                    .maxNumberLength(HEAD)
                    .build())
            .build();

    /**
     * An object or array at the beginning of some bytes.
     *
     * @param end where it ends, -1 where the bytes end before
     * @param overLines whether it stands on several lines
     */
    private record Span(int end, boolean overLines) {}

    /**
     * Returns how the records stand.
     *
     * @param head the first {@link #HEAD} bytes, or all
     * @throws SourceFailure if it is in no way that is read
     */
    public static JsonLayout of(byte[] head) throws SourceFailure {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        int begin = afterBlanks(head, 0);
        if (begin == head.length || text.isBlank()) {
            return LINES;
        }
        if (head[begin] == '{') {
            return ofObjects(head, begin, text);
        }
        boolean list = head[begin] == '[';
        if (list && beginsWithObject(head, begin + 1)) {
            return ARRAY;
        }
        boolean listOverLines = list && isOverLines(span(head, begin));
        // A file with some objects may have lines that are broken, also the first.
        if (!listOverLines && OBJECT.matcher(text).find()) {
            return LINES;
        }
        throw new SourceFailure(
                Rejection.NOT_AS_NAMED,
                "the name says JSON, but it is neither an array of objects nor one object a line");
    }

    /** Returns whether an object follows, or nothing at all. */
    private static boolean beginsWithObject(byte[] head, int from) {
        int element = afterBlanks(head, from);
        return element == head.length || head[element] == '{' || head[element] == ']';
    }

    private static boolean isOverLines(@Nullable Span span) {
        return span != null && span.overLines();
    }

    private static JsonLayout ofObjects(byte[] head, int begin, String text) throws SourceFailure {
        Span first = span(head, begin);
        if (first == null || first.end() < 0) {
            return isOverLines(first) ? OBJECTS : LINES;
        }
        refuseCommas(head, first.end());
        return first.overLines() || isFollowedInItsLine(head, first.end(), text) ? OBJECTS : LINES;
    }

    /** Returns whether another object stands in the line, apart, and none begins a line of its own. */
    private static boolean isFollowedInItsLine(byte[] head, int end, String text) {
        int next = afterBlanks(head, end);
        return next > end
                && next < head.length
                && head[next] == '{'
                && text.substring(end, next).indexOf('\n') < 0
                && !OBJECT.matcher(text).find(end);
    }

    /** A comma after the first line alone is a fault of that line. */
    private static void refuseCommas(byte[] head, int end) throws SourceFailure {
        int comma = afterBlanks(head, end);
        if (comma == head.length || head[comma] != ',') {
            return;
        }
        int begin = afterBlanks(head, comma + 1);
        Span second = begin < head.length && head[begin] == '{' ? span(head, begin) : null;
        if (second == null) {
            return;
        }
        int next = second.end() < 0 ? head.length : afterBlanks(head, second.end());
        if (next == head.length || head[next] == ',') {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    "commas stand between its JSON objects, but no brackets around them: put [ before the first and ]"
                            + " after the last, or remove the commas");
        }
    }

    /** Returns the object or array that begins at an offset, or null where what begins there is no JSON. */
    private static @Nullable Span span(byte[] head, int begin) {
        byte[] ascii = head.clone();
        for (int i = begin; i < ascii.length; i++) {
            // A text in another charset is a fault of its record.
            ascii[i] = ascii[i] < 0 ? (byte) 'x' : ascii[i];
        }
        try (JsonParser parser = JSON.createParser(ascii, begin, ascii.length - begin)) {
            parser.nextToken();
            parser.skipChildren();
            return new Span(
                    begin + (int) parser.currentLocation().getByteOffset(),
                    parser.currentLocation().getLineNr() > 1);
        } catch (JsonEOFException e) {
            return new Span(-1, e.getLocation().getLineNr() > 1);
        } catch (JsonProcessingException e) {
            boolean cut = head.length == HEAD && begin + e.getLocation().getByteOffset() > head.length - LONGEST_CUT;
            return cut ? new Span(-1, e.getLocation().getLineNr() > 1) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static int afterBlanks(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length) {
            int mark = JsonLines.byteOrderMark(bytes, at, bytes.length);
            if (mark == 0 && " \t\r\n".indexOf(bytes[at]) < 0) {
                return at;
            }
            at += Math.max(1, mark);
        }
        return at;
    }
}
