package org.bandpass.sources.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a page, and in which lines. */
class ReadablePageTest {

    private static final String STORY =
            "<p>" + "A sentence of the story, which goes on for a while. ".repeat(5) + "</p>";
    private static final String TOLD =
            "A sentence of the story, which goes on for a while. ".repeat(5).strip();

    @Test
    void keepsHeadingsParagraphsListsTablesAndCode() throws SourceFailure {
        String html = """
                <html lang="nl"><head><title>T</title><style>p {}</style></head><body>
                <h1>Main  <i>title</i></h1>
                <p>First&nbsp;paragraph<br>with a line
                that is broken.</p><p>Second <b>one</b>.</p>
                <h2>A list</h2><ul><li>one</li><li><p>two</p><p>and more</p></li><li>three</ul>
                <h2>A table</h2><table><tr><th>name<th>size</tr><tr><td>a</td><td>1</td></tr></table>
                <dl><dt>term</dt><dd>what it is</dd></dl>
                <pre>
                code {
                    indented
                }
                </pre>
                after</body></html>
                """;
        assertThat(ReadablePage.read(html, Set.of())).isEqualTo(new ReadablePage("""
                        Main title

                        First paragraph
                        with a line that is broken.

                        Second one.

                        A list

                        - one
                        - two

                        and more

                        - three

                        A table

                        name | size
                        a | 1
                        term
                        what it is

                        code {
                            indented
                        }

                        after""", "nl"));
    }

    @Test
    void dropsWhatSurroundsAStory() throws SourceFailure {
        String around =
                "<header>Site</header><nav><a href=/>Home</a></nav><script>x()</script><noscript>Turn it on</noscript>"
                        + "<aside>Read more</aside><form>Search <input></form><div role=navigation>Up</div>"
                        + "<ul><li><a href=/1>One</a><li><a href=/2>Two</a></ul><p><a href=/3>Next story</a></p>"
                        + "<div hidden>unseen</div><div style='display: none'>unseen</div><footer>Imprint</footer>";
        assertThat(text(around + "<article><header><h1>Story</h1></header>" + STORY + "</article>" + around))
                .isEqualTo("Story\n\n" + TOLD);
        assertThat(text("<h2>Related</h2>" + around)).isEmpty();
        assertThat(text("<h1>Only</h1><h2>headings</h2>")).isEmpty();
        assertThat(text("")).isEmpty();
    }

    @Test
    void keepsWhatHoldsThePage() throws SourceFailure {
        assertThat(text("<form><nav>Menu</nav>" + STORY + "</form>")).isEqualTo(TOLD);
        assertThat(text("<table><tr><td><a href=/>x</a></td><td>" + STORY + "</td></tr></table>"))
                .endsWith(TOLD);
        // A paragraph with many links is one.
        assertThat(text("<p>It <a href=/1>lies in the province</a> of <a href=/2>somewhere</a> in the south.</p>"))
                .isEqualTo("It lies in the province of somewhere in the south.");
    }

    @Test
    void dropsWhatHasNoWidth() throws SourceFailure {
        assertThat(text("<p>\ufeffauto\u200bbahn</p><pre>\ufeffa\u200bb</pre>")).isEqualTo("autobahn\n\nab");
    }

    @Test
    void keepsTheLinesOfCode() throws SourceFailure {
        assertThat(text("<pre><code>a\n\n\n  b</code></pre>")).isEqualTo("a\n\n\n  b");
        assertThat(text("<pre><div>a</div><div>  b</div>c</pre>")).isEqualTo("a\n  b\nc");
        assertThat(text("<pre><div>a</div>\n<div>b</div>\n</pre>")).isEqualTo("a\nb");
        assertThat(text("<pre><ol><li>a<li>b</ol></pre>")).isEqualTo("a\nb");
        assertThat(text("<pre>a<br>b<br><br>c</pre>")).isEqualTo("a\nb\n\nc");
        assertThat(text("<p>x</p><pre>  a\n b</pre><p>y</p>")).isEqualTo("x\n\n  a\n b\n\ny");
    }

    @Test
    void writesATableAsRows() throws SourceFailure {
        assertThat(
                        text(
                                "<table><tr><td><p>a</p><td><div>1<br>2</div></tr><tr><td><b>b</b><td><ul><li>3</ul></tr></table>"))
                .isEqualTo("a | 1 2\nb | 3");
        // A layout keeps its blocks.
        assertThat(text("<table><tr><td>" + STORY + "<p>x</p></td></tr></table>"))
                .isEqualTo(TOLD + "\n\nx");
        assertThat(text("<table><tr><td><pre>1\n2</pre><td><pre>a\nb</pre></tr></table>"))
                .isEqualTo("1\n2\n\na\nb");
    }

    @Test
    void writesAListWithItsMarks() throws SourceFailure {
        assertThat(text("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>")).isEqualTo("- a\n- b\n- c");
    }

    /** A page of four times the size takes four times as long; sixteen times would be a square. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div class=related>x<p>",
                "<article><h1>x",
                "<main><p>A sentence of a few words, and of some more, so that it is long enough to be prose.",
                "<p>A sentence of a few words, and of some more, so that it is long enough to be prose.</p><h2>x</h2>",
                "<table><tr><td>x",
                "<pre><div>x",
                "<h1>x</h1><h2>",
                "<p>x</p>.",
                "<ul><li><a>x",
                "<noscript><div hidden>x"
            })
    void readsHostilePagesInLinearTime(String hostile) throws SourceFailure {
        int few = ReadablePage.MOST_TAGS / 32;
        seconds(hostile.repeat(few));
        assertThat(seconds(hostile.repeat(4 * few))).isLessThan(10 * seconds(hostile.repeat(few)) + 0.1);
    }

    /** Returns the processor time that reading a page takes, which other work on the machine changes little. */
    private static double seconds(String page) throws SourceFailure {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double least = Double.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            long start = threads.getCurrentThreadCpuTime();
            text(page);
            least = Math.min(least, (threads.getCurrentThreadCpuTime() - start) / 1e9);
        }
        return least;
    }

    @Test
    void refusesAPageOfTooManyTags() {
        assertThatThrownBy(() -> ReadablePage.read("<p>".repeat(ReadablePage.MOST_TAGS + 1), Set.of()))
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.OVER_RECORD_LIMIT));
    }

    private static String text(String body) throws SourceFailure {
        return ReadablePage.read(body, Set.of()).text();
    }
}
