package org.bandpass.sources.charset;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Decodes pages, whose declared charset is often wrong. A byte order mark decides. Otherwise the first charset counts in
 * which every byte is valid: UTF-8 where it is unmistakable; the server's; the page's own; a detected one.
 *
 * <p>Like in browsers, a page that is declared or found to be UTF-8 stays UTF-8 if some of its bytes are damaged. Each
 * damaged sequence becomes U+FFFD, up to a share of the characters; above it the page is refused. Other declared charsets
 * are treated alike where every byte is valid in no charset. The bytes of a last character that was cut, and stray
 * zeros, are dropped.
 *
 * @param mostReplaced largest share of characters that may be replaced, negative to replace none
 */
public record PageCharset(double mostReplaced) {

    /** Replaces nothing, and so refuses UTF-8 with a few damaged bytes. */
    public static final PageCharset EXACT = new PageCharset(-1);

    /** Fewer replaced characters are accepted, however short the page is. */
    private static final int FEWEST = 3;

    private static final Pattern META =
            Pattern.compile("(?is)<meta\\b[^>]{0,500}?charset\\s*=\\s*[\"']?\\s*([\\w.:-]+)|^\\s*<\\?xml\\b[^>]{0,200}?"
                    + "encoding\\s*=\\s*[\"']([\\w.:-]+)");

    /** The standard wants the charset within the first KiB, but not all pages comply. */
    private static final int META_BYTES = 8 << 10;

    private static final int DETECTED_BYTES = 256 << 10;

    private static final String MARK = "\ufeff";
    /** UTF-32LE comes first because its mark begins with that of UTF-16LE, in which no text continues with a zero. */
    private static final List<Charset> MARKED = List.of(
            Charset.forName("UTF-32LE"),
            Charset.forName("UTF-32BE"),
            StandardCharsets.UTF_8,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE);

    private static final char ESCAPE = '\u001b';
    /** Bytes in which UTF-16 is searched. */
    private static final int WIDE_BYTES = 4 << 10;

    /** Longest character without its last byte, bytes. */
    private static final int MOST_CUT = 3;

    /** Zeros are dropped up to one in this many characters. */
    private static final int STRAY = 20;

    /** Returns the text, or null where no charset fits the bytes; {@code declared} is what the server declared. */
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
        String text = utf8.isDamaged() ? text(utf8) : decode(bytes, charsets(declared, inPage(bytes)), utf8);
        return text == null ? null : withoutStrayZeros(text);
    }

    private @Nullable String decode(ByteBuffer bytes, List<Charset> declared, CharsetReading utf8) {
        boolean asUtf8 = !declared.isEmpty() && declared.get(0).equals(StandardCharsets.UTF_8);
        if (asUtf8 && text(utf8) != null) {
            return utf8.text();
        }
        for (Charset charset : declared) {
            String text = isUnmistakable(utf8, charset) ? utf8.text() : strict(bytes, charset);
            if (text != null) {
                return text;
            }
        }
        if (utf8.isWhole()) {
            return unescaped(utf8.text(), bytes);
        }
        return asUtf8 && mostReplaced >= 0 ? null : repaired(bytes, declared);
    }

    /** Prefers East Asian charsets: few bytes are valid in them by accident, almost all are in single-byte charsets. */
    private @Nullable String repaired(ByteBuffer bytes, List<Charset> declared) {
        if (mostReplaced < 0) {
            return detected(bytes);
        }
        for (Charset charset : declared) {
            String text = isEastAsian(charset) ? read(bytes, charset) : null;
            if (text != null) {
                return text;
            }
        }
        String detected = detected(bytes);
        return detected == null && !declared.isEmpty() ? read(bytes, declared.get(0)) : detected;
    }

    private @Nullable String read(ByteBuffer bytes, Charset charset) {
        return text(CharsetReading.of(bytes, charset));
    }

    /** Returns the text, or null where too much of it was replaced. */
    private @Nullable String text(CharsetReading reading) {
        int characters = reading.text().codePointCount(0, reading.text().length());
        boolean few = reading.malformed() < FEWEST || reading.malformed() <= mostReplaced * characters;
        return reading.malformed() == 0 || mostReplaced >= 0 && few ? reading.text() : null;
    }

    /** Keeps many zeros, which show that the bytes are not text. */
    private static String withoutStrayZeros(String text) {
        long zeros =
                text.indexOf('\0') < 0 ? 0 : text.chars().filter(c -> c == 0).count();
        return zeros > 0 && zeros * STRAY < text.length() ? text.replace("\0", "") : text;
    }

    /** Returns the UTF-16 in which Latin letters and HTML have a zero in every second byte, or null. */
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

    /** Detects the 7-bit charsets of Japan, China and Korea, which are valid UTF-8 too. */
    private static String unescaped(String utf8, ByteBuffer bytes) {
        String detected = utf8.indexOf(ESCAPE) < 0 ? null : detected(bytes);
        return detected == null ? utf8 : detected;
    }

    private static List<Charset> charsets(@Nullable String... names) {
        List<Charset> charsets = new ArrayList<>();
        for (String name : names) {
            Charset charset = charset(name);
            // Bytes in which the name could be read as ASCII are neither UTF-16 nor UTF-32.
            if (charset != null && !charset.name().matches("(?s)UTF-(16|32).*")) {
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

    /** By accident, texts in East Asian charsets have few valid characters of several bytes, others have hardly any. */
    private static boolean isUnmistakable(CharsetReading utf8, Charset declared) {
        return utf8.isWhole() && utf8.several() >= (isEastAsian(declared) ? CharsetReading.UNMISTAKABLE : 1);
    }

    private static boolean isEastAsian(Charset charset) {
        // Java expects one character a byte of GB18030.
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
            String known =
                    Charset.forName(actual(name.toLowerCase(Locale.ROOT))).name();
            return Charset.forName(actual(known.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns the charset that pages mean by another. The Encoding Standard of WHATWG has the full list. */
    private static String actual(String charset) {
        return switch (charset) {
            case "iso-8859-1", "us-ascii" -> "windows-1252";
            case "iso-8859-9" -> "windows-1254";
            case "iso-8859-11", "x-iso-8859-11", "tis-620" -> "x-windows-874";
            case "gb2312", "gbk", "x-gbk" -> "gb18030";
            case "big5" -> "big5-hkscs";
            case "shift_jis" -> "windows-31j";
            // Java's own lack the characters that NEC added.
            case "euc-jp" -> "x-eucjp-open";
            case "iso-2022-jp" -> "x-windows-iso2022jp";
            case "euc-kr" -> "x-windows-949";
            // Detectors confuse short texts in windows-1251 with it. No page is written in it today.
            case "x-maccyrillic" -> "windows-1251";
            default -> charset;
        };
    }

    /** Returns the text if every byte is valid, except those of a last character that was cut. */
    private static @Nullable String strict(ByteBuffer bytes, Charset charset) {
        CharsetReading reading = CharsetReading.of(bytes, charset);
        return reading.malformed() == 0 && reading.tail() <= MOST_CUT ? reading.text() : null;
    }
}
