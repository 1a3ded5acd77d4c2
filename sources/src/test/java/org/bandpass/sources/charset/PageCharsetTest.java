package org.bandpass.sources.charset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleCrawl.joined;
import static org.bandpass.sources.SampleCrawl.page;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.bandpass.sources.SampleFiles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages are decoded as they were written, except for a few damaged bytes. */
class PageCharsetTest {

    private static final String GREEK = "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, και πάλι από την αρχή.";

    @Test
    void dropsAStrayZero() {
        String ascii = page("plain words of an old page");
        assertThat(decode(SampleFiles.bytes(ascii.replace("old", "o\0ld")), null))
                .isEqualTo(ascii);
        assertThat(decode(SampleFiles.bytes("\0" + page(GREEK)), "utf-8")).isEqualTo(page(GREEK));
        assertThat(decode(SampleFiles.bytes("\0" + page("caf\u00e9")), "iso-8859-1"))
                .isEqualTo(page("caf\u00e9"));
        // Bytes of which half are zeros are not text, so the zeros are kept.
        assertThat(decode(SampleFiles.bytes("a\0\0\0b\0c\0"), null)).contains("\0");
    }

    @Test
    void detectsUtf16WithoutAMark() {
        String text = page("latin letters, and \u0416");
        assertThat(decode(text.getBytes(StandardCharsets.UTF_16LE), null)).isEqualTo(text);
        assertThat(decode(text.getBytes(StandardCharsets.UTF_16BE), "iso-8859-1"))
                .isEqualTo(text);
    }

    @Test
    void readsUtf32AfterAMark() {
        for (String charset : new String[] {"UTF-32LE", "UTF-32BE"}) {
            for (String text : new String[] {page("latin letters"), page(GREEK), "\ud83d\ude00", ""}) {
                byte[] bytes = ("\ufeff" + text).getBytes(Charset.forName(charset));
                assertThat(decode(bytes, "utf-8")).as(charset).isEqualTo(text);
            }
        }
    }

    @Test
    void dropsACharacterThatWasCut() {
        for (String text : new String[] {GREEK, "\u65e5\u672c\u8a9e\u306e\u6587\u7ae0", "\ud83d\ude00".repeat(5)}) {
            byte[] whole = SampleFiles.bytes(text);
            int last = text.offsetByCodePoints(text.length(), -1);
            for (String declared : new String[] {null, "utf-8", "iso-8859-1"}) {
                byte[] cut = Arrays.copyOf(whole, SampleFiles.bytes(text.substring(0, last)).length + 1);
                if (text.codePointAt(last) >= 0x80) {
                    assertThat(decode(cut, declared)).as(declared).isEqualTo(text.substring(0, last));
                }
            }
        }
        // One letter at the end does not make it UTF-8.
        byte[] latin = "Un caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(decode(latin, "iso-8859-1")).isEqualTo("Un caf\u00e9");
        byte[] mark = joined(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, SampleFiles.bytes("caf\u00e9"));
        assertThat(decode(Arrays.copyOf(mark, mark.length - 1), null)).isEqualTo("caf");
    }

    /** If one byte of UTF-8 is damaged, any other charset would be wrong for all other bytes. */
    @Test
    void replacesTheDamagedBytesOfUtf8() {
        byte[] damaged = joined(SampleFiles.bytes(page(GREEK)), new byte[] {(byte) 0xff}, SampleFiles.bytes(GREEK));
        String text = page(GREEK) + "\ufffd" + GREEK;
        String meta = "<meta charset=windows-1253>";
        for (String declared : new String[] {null, "utf-8", "windows-1253", "iso-8859-1"}) {
            assertThat(decode(damaged, declared)).as(declared).isEqualTo(text);
            byte[] contradicted = joined(SampleFiles.bytes(meta), damaged);
            assertThat(decode(contradicted, declared)).as(declared).isEqualTo(meta + text);
            assertThat(PageCharset.EXACT.decode(ByteBuffer.wrap(damaged), declared))
                    .isNull();
        }
        // Declared UTF-8 stays UTF-8, however few characters beyond ASCII it has.
        for (String good : List.of("", "caf\u00e9", "\u201cone\u201d", "\u201cone\u201d and \u201ctwo\u201d")) {
            byte[] stray = joined(SampleFiles.bytes(page(good)), new byte[] {(byte) 0x92, 's'});
            assertThat(decode(stray, "utf-8")).isEqualTo(page(good) + "\ufffds");
            byte[] said = joined(SampleFiles.bytes("<meta charset=utf-8>"), stray);
            assertThat(decode(said, null)).isEqualTo("<meta charset=utf-8>" + page(good) + "\ufffds");
        }
        byte[] marked = joined(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'a', (byte) 0xff, 'b'});
        assertThat(decode(marked, "iso-8859-1")).isEqualTo("a\ufffdb");
        Charset greek = Charset.forName("windows-1253");
        assertThat(decode(page(GREEK).getBytes(greek), "windows-1253")).isEqualTo(page(GREEK));
    }

    @Test
    void refusesAPageWithTooManyDamagedBytes() {
        for (int bad : new int[] {1, 2}) {
            assertThat(decode(broken(0, bad), "utf-8")).isEqualTo("\ufffdx".repeat(bad));
        }
        assertThat(decode(broken(0, 3), "utf-8")).isNull();
        assertThat(decode(broken(300 - 6, 3), "utf-8")).isEqualTo("x".repeat(294) + "\ufffdx".repeat(3));
        assertThat(decode(broken(300 - 7, 3), "utf-8")).isNull();
        assertThat(decode(broken(400 - 8, 4), "utf-8")).isNotNull();
        assertThat(decode(broken(400 - 9, 4), "utf-8")).isNull();
        assertThat(new PageCharset(0.5).decode(ByteBuffer.wrap(broken(0, 30)), "utf-8"))
                .isNotNull();
        assertThat(new PageCharset(0).decode(ByteBuffer.wrap(broken(0, 2)), "utf-8"))
                .isNotNull();
        assertThat(new PageCharset(0).decode(ByteBuffer.wrap(broken(10_000, 3)), "utf-8"))
                .isNull();
    }

    private static byte[] broken(int good, int bad) {
        byte[] broken = new byte[good + 2 * bad];
        Arrays.fill(broken, (byte) 'x');
        for (int i = 0; i < bad; i++) {
            broken[good + 2 * i] = (byte) 0xff;
        }
        return broken;
    }

    @Test
    void replacesStrayBytesOfOtherCharsets() {
        for (String charset : List.of("UTF-16LE", "UTF-16BE")) {
            byte[] stray = joined(
                    ("\ufeff" + GREEK).getBytes(Charset.forName(charset)),
                    charset.endsWith("LE") ? new byte[] {0x3d, (byte) 0xd8} : new byte[] {(byte) 0xd8, 0x3d},
                    "b\ud83d\ude00".getBytes(Charset.forName(charset)));
            assertThat(decode(stray, null)).as(charset).isEqualTo(GREEK + "\ufffdb\ud83d\ude00");
        }
        String chinese = "\u8fd9\u662f\u4e00\u4e2a\u7528\u6765\u6d4b\u8bd5\u7684\u7f51\u9875\u3002".repeat(20);
        byte[] gbk = (chinese + "<p>").getBytes(Charset.forName("GBK"));
        byte[] stray = joined(Arrays.copyOf(gbk, gbk.length - 3), new byte[] {(byte) 0xff}, SampleFiles.bytes("<p>"));
        assertThat(decode(stray, "gbk")).isEqualTo(chinese + "\ufffd<p>");
        byte[] latin = joined(
                "caf\u00e9 ".getBytes(StandardCharsets.ISO_8859_1), new byte[] {(byte) 0x81}, SampleFiles.bytes(" x"));
        assertThat(decode(latin, "iso-8859-1")).isEqualTo("caf\u00e9 \ufffd x");
    }

    @Test
    void knowsCharsetsByAllTheirNames() {
        byte[] quoted = {(byte) 0x93, 'a', (byte) 0x94};
        for (String name : "iso-8859-1 ISO_8859-1 iso8859_1 iso8859-1 l1 latin1 cp819 ascii us-ascii".split(" ")) {
            assertThat(decode(quoted, name)).as(name).isEqualTo("\u201ca\u201d");
        }
        byte[] circled = {(byte) 0x87, 0x40};
        for (String name : "shift_jis shift-jis sjis x-sjis ms_kanji".split(" ")) {
            assertThat(decode(circled, name)).as(name).isEqualTo("\u2460");
        }
        byte[] euro = {(byte) 0xa2, (byte) 0xe3};
        for (String name : "gbk x-gbk cp936 gb2312 gb18030".split(" ")) {
            assertThat(decode(euro, name)).as(name).isEqualTo("\u20ac");
        }
        String nec = "\u2460\u3231\u2116\u65e5\u672c";
        assertThat(decode(nec.getBytes(Charset.forName("x-eucjp-open")), "EUC-JP"))
                .isEqualTo(nec);
        assertThat(decode(nec.getBytes(Charset.forName("x-windows-iso2022jp")), "ISO-2022-JP"))
                .isEqualTo(nec);
    }

    @Test
    void doesNotReadOtherCharsetsAsDamagedUtf8() {
        String chinese =
                "\u8fd9\u662f\u4e00\u4e2a\u7528\u6765\u6d4b\u8bd5\u7684\u7f51\u9875\u3002\u4e8c\u53ea\u5c3d\u7ba1\u8282"
                        .repeat(20);
        String korean =
                "\uc774\uac83\uc740 \uc2dc\ud5d8\uc744 \uc704\ud55c \ud55c\uad6d\uc5b4 \ubb38\uc7a5\uc785\ub2c8\ub2e4. "
                        .repeat(20);
        String french = "d\u00e9j\u00e0 vu \u00e0 l\u2019\u00e9t\u00e9, \u00c3\u00a9 ".repeat(20);
        assertThat(decode(chinese.getBytes(Charset.forName("GBK")), "gbk")).isEqualTo(chinese);
        assertThat(decode(korean.getBytes(Charset.forName("x-windows-949")), "euc-kr"))
                .isEqualTo(korean);
        assertThat(decode(french.getBytes(Charset.forName("windows-1252")), "latin1"))
                .isEqualTo(french);
    }

    /** Two characters of GBK can be two of UTF-8 by accident. */
    @Test
    void prefersAnEastAsianCharsetToFewCharactersOfUtf8() {
        byte[] both = {(byte) 0xd6, (byte) 0xbb, ' ', (byte) 0xd6, (byte) 0xbb};
        assertThat(decode(both, "gb2312")).isEqualTo("\u53ea \u53ea");
        assertThat(decode(both, "windows-1252")).isEqualTo("\u05bb \u05bb");
    }

    private static @Nullable String decode(byte[] bytes, @Nullable String declared) {
        return new PageCharset(0.01).decode(ByteBuffer.wrap(bytes), declared);
    }
}
