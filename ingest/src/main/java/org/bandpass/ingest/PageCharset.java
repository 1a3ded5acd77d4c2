package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Decodes pages, whose bytes are often not in the charset they are said to be in. The first charset counts in which every
 * byte has a meaning: a byte order mark's; UTF-8 where it is unmistakable; the server's; the page's own; the one that
 * the bytes look like. Nothing is replaced: bytes that fit none are refused.
 */
final class PageCharset {

    /** Servers say the first and mean the second (the encoding standard of WHATWG has the whole list). */
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("iso-8859-1", "windows-1252"),
            Map.entry("iso8859-1", "windows-1252"),
            Map.entry("latin1", "windows-1252"),
            Map.entry("us-ascii", "windows-1252"),
            Map.entry("ascii", "windows-1252"),
            Map.entry("iso-8859-9", "windows-1254"),
            Map.entry("iso-8859-11", "x-windows-874"),
            Map.entry("tis-620", "x-windows-874"),
            Map.entry("gb2312", "gb18030"),
            Map.entry("gbk", "gb18030"),
            Map.entry("x-gbk", "gb18030"),
            Map.entry("big5", "big5-hkscs"),
            Map.entry("shift_jis", "windows-31j"),
            Map.entry("shift-jis", "windows-31j"),
            Map.entry("x-sjis", "windows-31j"),
            Map.entry("euc-kr", "x-windows-949"),
            Map.entry("ks_c_5601-1987", "x-windows-949"),
            // What detectors take short texts in windows-1251 for; no page is written in it any more.
            Map.entry("x-maccyrillic", "windows-1251"),
            Map.entry("maccyrillic", "windows-1251"),
            Map.entry("utf8", "utf-8"));

    private static final Pattern META =
            Pattern.compile("(?is)<meta\\b[^>]{0,500}?charset\\s*=\\s*[\"']?\\s*([\\w.:-]+)|^\\s*<\\?xml\\b[^>]{0,200}?"
                    + "encoding\\s*=\\s*[\"']([\\w.:-]+)");

    /** Pages name their charset within the first KiB, says the standard; not all do. */
    private static final int META_BYTES = 8 << 10;

    private static final int DETECTED_BYTES = 256 << 10;
    private static final char ESCAPE = '\u001b';
    /** As many characters of several bytes are no accident. */
    private static final int UNMISTAKABLE = 4;

    private PageCharset() {}

    /**
     * Returns the text, or null where no charset explains the bytes.
     *
     * @param declared name of a charset from outside, or null
     */
    static @Nullable String decode(ByteBuffer bytes, @Nullable String declared) {
        String marked = marked(bytes);
        if (marked != null) {
            return marked;
        }
        String utf8 = strict(bytes, StandardCharsets.UTF_8);
        if (utf8 != null && utf8.indexOf('\0') >= 0) {
            // Latin letters of UTF-16 are ASCII and zeros.
            return strict(bytes, bytes.get(0) == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE);
        }
        for (Charset said : said(declared, inPage(bytes))) {
            String text = strict(bytes, said);
            if (text != null) {
                return utf8 != null && isUnmistakable(utf8, said) ? utf8 : text;
            }
        }
        return utf8 == null ? detected(bytes) : unescaped(utf8, bytes);
    }

    /** The 7-bit charsets of Japan, China and Korea are valid UTF-8 too. */
    private static String unescaped(String utf8, ByteBuffer bytes) {
        String detected = utf8.indexOf(ESCAPE) < 0 ? null : detected(bytes);
        return detected == null ? utf8 : detected;
    }

    private static List<Charset> said(@Nullable String... names) {
        List<Charset> charsets = new ArrayList<>();
        for (String name : names) {
            Charset charset = charset(name);
            // What could be read as ASCII so far is not UTF-16, whatever is said.
            if (charset != null
                    && !charset.name().startsWith("UTF-16")
                    && !charset.name().startsWith("UTF-32")) {
                charsets.add(charset);
            }
        }
        return charsets;
    }

    private static @Nullable String marked(ByteBuffer bytes) {
        int first = bytes.remaining() > 1 ? bytes.getShort(0) & 0xffff : 0;
        if (first == 0xfeff || first == 0xfffe) {
            Charset utf16 = first == 0xfeff ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
            return strict(bytes.slice(2, bytes.limit() - 2), utf16);
        }
        boolean utf8 = first == 0xefbb && bytes.remaining() > 2 && bytes.get(2) == (byte) 0xbf;
        return utf8 ? strict(bytes.slice(3, bytes.limit() - 3), StandardCharsets.UTF_8) : null;
    }

    /** Other charsets give hardly any valid character of several bytes by accident; those of East Asia give few. */
    private static boolean isUnmistakable(String utf8, Charset said) {
        int enough = said.newDecoder().averageCharsPerByte() < 1 ? UNMISTAKABLE : 1;
        int several = 0;
        for (int i = 0; i < utf8.length() && several < enough; i++) {
            several += utf8.charAt(i) >= 0x80 ? 1 : 0;
        }
        return several >= enough;
    }

    private static @Nullable String inPage(ByteBuffer bytes) {
        String head = StandardCharsets.ISO_8859_1
                .decode(bytes.slice(0, Math.min(bytes.limit(), META_BYTES)))
                .toString();
        Matcher meta = META.matcher(head);
        if (!meta.find()) {
            return null;
        }
        return meta.group(1) == null ? meta.group(2) : meta.group(1);
    }

    private static @Nullable String detected(ByteBuffer bytes) {
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(bytes.array(), bytes.arrayOffset(), Math.min(bytes.limit(), DETECTED_BYTES));
        detector.dataEnd();
        Charset charset = charset(detector.getDetectedCharset());
        return charset == null ? null : strict(bytes, charset);
    }

    private static @Nullable Charset charset(@Nullable String name) {
        if (name == null) {
            return null;
        }
        try {
            String lower = name.toLowerCase(Locale.ROOT);
            return Charset.forName(MEANT.getOrDefault(lower, lower));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    private static @Nullable String strict(ByteBuffer bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
