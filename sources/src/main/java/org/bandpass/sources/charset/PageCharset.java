package org.bandpass.sources.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
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
 * Decodes pages, whose bytes are often not in the charset they are said to be in. A byte order mark decides; then the
 * first charset counts in which every byte has a meaning: UTF-8 where it is unmistakable; the server's; the page's own;
 * the one that the bytes look like.
 *
 * <p>Pages are read as browsers read them: what is said to be UTF-8, or is found to be, stays UTF-8 if some bytes of it
 * are broken, as another charset would make nonsense of all the rest. U+FFFD stands for each of them, up to a share of
 * the characters; beyond, the page is refused. Other charsets that are said are treated alike where no charset explains
 * every byte. What is left out are the bytes of a last character that was cut, and stray zeros, which stand for nothing
 * in any of these charsets.
 *
 * @param mostReplaced largest share of characters that could not be decoded, negative where none may be replaced
 */
public record PageCharset(double mostReplaced) {

    /** Replaces nothing: bytes that fit no charset are refused, and so is UTF-8 with a few broken bytes. */
    public static final PageCharset EXACT = new PageCharset(-1);

    /** Fewer replaced characters are never too many, however short the page is. */
    private static final int FEWEST = 3;

    /** Servers say the first, or another name of it, and mean the second (the standard of WHATWG has the whole list). */
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("iso-8859-1", "windows-1252"),
            Map.entry("us-ascii", "windows-1252"),
            Map.entry("iso-8859-9", "windows-1254"),
            Map.entry("iso-8859-11", "x-windows-874"),
            Map.entry("x-iso-8859-11", "x-windows-874"),
            Map.entry("tis-620", "x-windows-874"),
            Map.entry("gb2312", "gb18030"),
            Map.entry("gbk", "gb18030"),
            Map.entry("x-gbk", "gb18030"),
            Map.entry("big5", "big5-hkscs"),
            Map.entry("shift_jis", "windows-31j"),
            // Java's have none of the characters that NEC added.
            Map.entry("euc-jp", "x-eucjp-open"),
            Map.entry("iso-2022-jp", "x-windows-iso2022jp"),
            Map.entry("euc-kr", "x-windows-949"),
            // What detectors take short texts in windows-1251 for; no page is written in it any more.
            Map.entry("x-maccyrillic", "windows-1251"));

    private static final Pattern META =
            Pattern.compile("(?is)<meta\\b[^>]{0,500}?charset\\s*=\\s*[\"']?\\s*([\\w.:-]+)|^\\s*<\\?xml\\b[^>]{0,200}?"
                    + "encoding\\s*=\\s*[\"']([\\w.:-]+)");

    /** Pages name their charset within the first KiB, says the standard; not all do. */
    private static final int META_BYTES = 8 << 10;

    private static final int DETECTED_BYTES = 256 << 10;

    private static final String MARK = "\ufeff";
    /** The mark of one UTF-32 begins as that of UTF-16 does; no text in that goes on with a zero. */
    private static final List<Charset> MARKED = List.of(
            Charset.forName("UTF-32LE"),
            Charset.forName("UTF-32BE"),
            StandardCharsets.UTF_8,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE);

    private static final char ESCAPE = '\u001b';
    /** Where UTF-16 shows, if it is that. */
    private static final int WIDE_BYTES = 4 << 10;

    /** As many bytes of a character without its last. */
    private static final int MOST_CUT = 3;

    /** Zeros are strays up to one in as many characters. */
    private static final int STRAY = 20;

    /**
     * Returns the text, or null where no charset explains the bytes.
     *
     * @param declared name of a charset from outside, or null
     */
    @Nullable
    public String decode(ByteBuffer bytes, @Nullable String declared) {
        Charset marked = marked(bytes);
        if (marked != null) {
            int mark = MARK.getBytes(marked).length;
            return read(bytes.slice(mark, bytes.limit() - mark), marked);
        }
        Charset wide = wide(bytes);
        if (wide != null) {
            return read(bytes, wide);
        }
        CharsetReading utf8 = CharsetReading.of(bytes, StandardCharsets.UTF_8);
        String text = utf8.isDamaged() ? text(utf8) : decode(bytes, said(declared, inPage(bytes)), utf8);
        return text == null ? null : withoutStrayZeros(text);
    }

    private @Nullable String decode(ByteBuffer bytes, List<Charset> said, CharsetReading utf8) {
        if (isUtf8(said) && text(utf8) != null) {
            return utf8.text();
        }
        for (Charset charset : said) {
            if (utf8.isWhole() && isUnmistakable(utf8, charset)) {
                return utf8.text();
            }
            String text = strict(bytes, charset);
            if (text != null) {
                return text;
            }
        }
        return utf8.isWhole() ? unescaped(utf8.text(), bytes) : guessed(bytes, said);
    }

    private @Nullable String guessed(ByteBuffer bytes, List<Charset> said) {
        if (mostReplaced < 0) {
            return detected(bytes);
        }
        return isUtf8(said) ? null : nearly(bytes, said);
    }

    private static boolean isUtf8(List<Charset> said) {
        return !said.isEmpty() && said.get(0).equals(StandardCharsets.UTF_8);
    }

    /** Few bytes that are valid in a charset of East Asia are so by accident; in one of single bytes almost all are. */
    private @Nullable String nearly(ByteBuffer bytes, List<Charset> said) {
        for (Charset charset : said) {
            String text = isEastAsian(charset) ? read(bytes, charset) : null;
            if (text != null) {
                return text;
            }
        }
        String detected = detected(bytes);
        return detected == null && !said.isEmpty() ? read(bytes, said.get(0)) : detected;
    }

    private @Nullable String read(ByteBuffer bytes, Charset charset) {
        return text(CharsetReading.of(bytes, charset));
    }

    /** Returns the text, or null where too much of it was replaced. */
    private @Nullable String text(CharsetReading reading) {
        boolean few = reading.malformed() < FEWEST || reading.malformed() <= mostReplaced * reading.characters();
        return reading.malformed() == 0 || mostReplaced >= 0 && few ? reading.text() : null;
    }

    /** Many zeros are left where they are: they show that it is no text. */
    private static String withoutStrayZeros(String text) {
        long zeros =
                text.indexOf('\0') < 0 ? 0 : text.chars().filter(c -> c == 0).count();
        return zeros > 0 && zeros * STRAY < text.length() ? text.replace("\0", "") : text;
    }

    /** Returns which UTF-16 it is that Latin letters and the marks of HTML show as, or null where they do not. */
    private static @Nullable Charset wide(ByteBuffer bytes) {
        int pairs = Math.min(bytes.limit(), WIDE_BYTES) / 2;
        int first = 0;
        int second = 0;
        for (int i = 0; i < pairs; i++) {
            first += bytes.get(2 * i) == 0 ? 1 : 0;
            second += bytes.get(2 * i + 1) == 0 ? 1 : 0;
        }
        if (Math.max(first, second) <= 0.7 * pairs || Math.min(first, second) >= 0.05 * pairs) {
            return null;
        }
        return first > second ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
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

    private static @Nullable Charset marked(ByteBuffer bytes) {
        for (Charset charset : MARKED) {
            ByteBuffer mark = charset.encode(MARK);
            if (bytes.limit() >= mark.limit() && bytes.slice(0, mark.limit()).equals(mark)) {
                return charset;
            }
        }
        return null;
    }

    /** Other charsets give hardly any valid character of several bytes by accident; those of East Asia give few. */
    private static boolean isUnmistakable(CharsetReading utf8, Charset said) {
        return utf8.several() >= (isEastAsian(said) ? CharsetReading.UNMISTAKABLE : 1);
    }

    private static boolean isEastAsian(Charset charset) {
        // Java reckons with one character a byte of GB18030.
        return charset.newDecoder().averageCharsPerByte() < 1 || charset.name().equals("GB18030");
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
            String meant = MEANT.get(lower);
            if (meant == null) {
                Charset named = Charset.forName(lower);
                meant = MEANT.getOrDefault(named.name().toLowerCase(Locale.ROOT), named.name());
            }
            return Charset.forName(meant);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    /** Returns the text if every byte has a meaning, but for those of a last character that was cut. */
    private static @Nullable String strict(ByteBuffer bytes, Charset charset) {
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = bytes.duplicate();
        // None makes more characters than it has bytes.
        CharBuffer out = CharBuffer.allocate(in.remaining());
        CoderResult result = decoder.decode(in, out, false);
        return result.isUnderflow() && in.remaining() <= MOST_CUT ? out.flip().toString() : null;
    }
}
