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

/** How records are arranged in a file of JSON. */
public enum JsonLayout {
    /** One a line. */
    LINES,
    /** A sequence of objects over any number of lines. */
    OBJECTS,
    /** The elements of one array. */
    ARRAY;

    /** Bytes of a file from which the layout is found. */
    public static final int HEAD = 64 << 10;

    /** A line that begins with an object, perhaps after a byte order mark. */
    private static final Pattern OBJECT = Pattern.compile("(?dm)^[ \\t\\x80-\\xff]*+\\{");

    /** This close to the end of the head, a value that the head cuts off may look invalid to a parser. */
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
     * @param end its end, at most that of the bytes, or -1 where it is not valid JSON
     * @param overLines whether it extends over several lines
     */
    private record Span(int end, boolean overLines) {}

    private static final Span INVALID = new Span(-1, false);

    /** Returns the layout of a file with the first {@link #HEAD} bytes, or all; fails if it has none of these. */
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
        if (list && isObjectOrEnd(head, begin + 1)) {
            return ARRAY;
        }
        boolean listOverLines = list && span(head, begin).overLines();
        // A file with some objects may have damaged lines, the first one too.
        if (!listOverLines && OBJECT.matcher(text).find()) {
            return LINES;
        }
        throw new SourceFailure(
                Rejection.NOT_AS_NAMED,
                "the name says JSON, but it is neither an array of objects nor one object a line");
    }

    /** Returns whether the next element of an array is an object, or there is none. */
    private static boolean isObjectOrEnd(byte[] head, int from) {
        int element = afterBlanks(head, from);
        return element == head.length || head[element] == '{' || head[element] == ']';
    }

    private static JsonLayout ofObjects(byte[] head, int begin, String text) throws SourceFailure {
        Span first = span(head, begin);
        if (first.end() < 0) {
            return LINES;
        }
        refuseCommas(head, first.end());
        return first.overLines() || isFollowedInItsLine(head, first.end(), text) ? OBJECTS : LINES;
    }

    /** Returns whether another object follows in the same line after a blank, and no later line begins with one. */
    private static boolean isFollowedInItsLine(byte[] head, int end, String text) {
        int next = afterBlanks(head, end);
        return next > end
                && next < head.length
                && head[next] == '{'
                && text.substring(end, next).indexOf('\n') < 0
                && !OBJECT.matcher(text).find(end);
    }

    /** Refuses objects that commas separate. A comma after the first object alone is a fault of its line. */
    private static void refuseCommas(byte[] head, int end) throws SourceFailure {
        int comma = afterBlanks(head, end);
        if (comma == head.length || head[comma] != ',') {
            return;
        }
        int begin = afterBlanks(head, comma + 1);
        int second =
                begin < head.length && head[begin] == '{' ? span(head, begin).end() : -1;
        int next = second < 0 ? -1 : afterBlanks(head, second);
        if (next == head.length || next >= 0 && head[next] == ',') {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    "its JSON objects have commas between them, but no brackets around them: put [ before the first and ]"
                            + " after the last, or remove the commas");
        }
    }

    private static Span span(byte[] head, int begin) {
        byte[] ascii = head.clone();
        for (int i = begin; i < ascii.length; i++) {
            // A text in another charset is a fault of its record, not of the layout.
            ascii[i] = ascii[i] < 0 ? (byte) 'x' : ascii[i];
        }
        try (JsonParser parser = JSON.createParser(ascii, begin, ascii.length - begin)) {
            parser.nextToken();
            parser.skipChildren();
            return new Span(
                    begin + (int) parser.currentLocation().getByteOffset(),
                    parser.currentLocation().getLineNr() > 1);
        } catch (JsonProcessingException e) {
            boolean cut = e instanceof JsonEOFException
                    || head.length == HEAD && begin + e.getLocation().getByteOffset() > HEAD - LONGEST_CUT;
            return cut ? new Span(head.length, e.getLocation().getLineNr() > 1) : INVALID;
        } catch (IOException e) {
            return INVALID;
        }
    }

    private static int afterBlanks(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length) {
            int mark = PlainText.byteOrderMark(bytes, at, bytes.length);
            if (mark == 0 && " \t\r\n".indexOf(bytes[at]) < 0) {
                return at;
            }
            at += Math.max(1, mark);
        }
        return at;
    }
}
