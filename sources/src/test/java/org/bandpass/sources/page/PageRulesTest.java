package org.bandpass.sources.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bandpass.sources.record.SourceFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule by a page that needs it, and by one on which it must not act. */
class PageRulesTest {

    private static final String FIRST =
            "The river rises in the hills above the old town, and for most of the year it is"
                    + " no wider than a road. In spring it carries the snow of three valleys, and the meadows below are a lake.";
    private static final String SECOND =
            "Nobody who lives here builds in the meadows, and every house on the bank stands"
                    + " on piles. The oldest of them have stood for four hundred years, and their owners know why they still do.";
    private static final String THIRD = "When the railway came, its engineers laid the line along the bank, because the"
            + " ground was flat there. The first flood took the line away, and the second one took the station with it.";
    private static final String OTHER = "A sentence that has nothing to do with the river, and that stands on this page"
            + " because every page of the site has it, or because somebody wanted to say something about it.";

    private static final String STORY = p(FIRST) + p(SECOND) + p(THIRD);
    private static final String TEXT = FIRST + "\n\n" + SECOND + "\n\n" + THIRD;

    // Surroundings by name

    @ParameterizedTest
    @ValueSource(
            strings = {
                "comments",
                "related-posts",
                "postShare",
                "x cookie_notice",
                "Newsletter",
                "site-footer",
                "entry-meta",
                "sponsor",
                "fig-caption"
            })
    void leavesOutWhatIsNamedAsASurrounding(String name) throws SourceFailure {
        assertThat(text(STORY + div("class='" + name + "'", p(OTHER)))).isEqualTo(TEXT);
        assertThat(text(STORY + div("id='" + name + "'", p(OTHER)))).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shareholders",
                "commentary",
                "admission",
                "authority",
                "metadata",
                "footnotes",
                "updated",
                "navigator",
                "captions-off"
            })
    void keepsWhatOnlyHasPartOfAWordInItsName(String name) throws SourceFailure {
        assertThat(text(STORY + div("class='" + name + "'", p(OTHER)))).isEqualTo(TEXT + "\n\n" + OTHER);
    }

    @Test
    void keepsWhatHoldsMostOfThePageWhateverItsName() throws SourceFailure {
        assertThat(text(div("class='modal-open has-social menu'", STORY) + p(OTHER)))
                .isEqualTo(TEXT + "\n\n" + OTHER);
        assertThat(text("<article class=related>" + STORY + "</article>")).isEqualTo(TEXT);
    }

    @Test
    void leavesOutCommentsHoweverLongUnlessTheyAreThePage() throws SourceFailure {
        String comments = div("class=comments", p(OTHER + OTHER) + p(OTHER + FIRST) + p(OTHER + SECOND));
        assertThat(text(div("", STORY) + comments)).isEqualTo(TEXT);
        assertThat(text(p(FIRST) + comments)).contains(FIRST, OTHER + SECOND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<section id=related-work>%s</section>",
                "<section id=date-objects>%s</section>",
                "<div class=section id=comments>%s</div>",
                "<dl><dt id=datetime.date>It is a class.</dt><dd>%s</dd></dl>",
                "<h2><span class=mw-headline id=In_popular_culture>It is popular.</span></h2>%s"
            })
    void takesNoIdThatIsMadeFromAHeadingForAName(String part) throws SourceFailure {
        String all =
                part.replaceAll("<[^>]*>", "\n\n").replaceAll("\n+", "\n\n").strip();
        assertThat(text(STORY + String.format(part, p(OTHER))).replaceAll("\n+", "\n\n"))
                .isEqualTo(TEXT + "\n\n" + String.format(all, OTHER));
    }

    @Test
    void takesNoNameWithinCodeTextOrTablesForThatOfAPart() throws SourceFailure {
        assertThat(text(STORY + "<pre><span class=hljs-meta>#!/bin/sh</span>\n<div class=date>date</div></pre>"))
                .isEqualTo(TEXT + "\n\n#!/bin/sh\ndate");
        assertThat(text(STORY + "<p>Call <code><span class=meta>now</span>()</code>.</p>"))
                .isEqualTo(TEXT + "\n\nCall now().");
        assertThat(text(STORY
                        + "<table><tr class=date><th class=date>year<th>flood<tr><td class=date>1899<td>a</table>"))
                .isEqualTo(TEXT + "\n\nyear | flood\n1899 | a");
        assertThat(text(STORY + "<p>It was in <time class=date>1899</time>. <span class=author>Ann</span> saw it. "
                        + OTHER + "</p>"))
                .isEqualTo(TEXT + "\n\nIt was in 1899. Ann saw it. " + OTHER);
        assertThat(text(STORY + "<p>Long ago. <time class=date>1899.</time> <span class=author>Ann.</span></p>"))
                .isEqualTo(TEXT + "\n\nLong ago.");
    }

    // Main part

    @ParameterizedTest
    @ValueSource(strings = {"article", "main", "div itemprop=articleBody", "div role=main"})
    void readsTheMainPartOnly(String element) throws SourceFailure {
        String name = element.replaceAll(" .*", "");
        assertThat(text(p(OTHER) + "<" + element + ">" + STORY + "</" + name + ">" + p(OTHER)))
                .isEqualTo(TEXT);
    }

    @Test
    void takesTheInnermostMainPart() throws SourceFailure {
        assertThat(text("<main>" + p(OTHER) + "<article>" + STORY + "</article></main>"))
                .isEqualTo(TEXT);
    }

    @Test
    void readsAllOfAPageWhoseArticlesAreTeasers() throws SourceFailure {
        String teasers = "<article>" + p(OTHER) + "</article><article>" + p(FIRST) + "</article>" + "<article>"
                + p(SECOND) + "</article><article>" + p(THIRD) + "</article>";
        assertThat(text(teasers)).isEqualTo(OTHER + "\n\n" + TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div id=comments><ol><li><article class=comment-body>%s</article></ol></div>",
                "<div class=related><article>%s</article></div>",
                "<aside><article>%s</article></aside>"
            })
    void takesNoMainPartOfWhatIsBesideTheText(String beside) throws SourceFailure {
        assertThat(text(div("", STORY) + String.format(beside, p(OTHER + OTHER))))
                .isEqualTo(TEXT);
        assertThat(text("<article>" + STORY + "</article>" + String.format(beside, p(OTHER + OTHER))))
                .isEqualTo(TEXT);
    }

    @Test
    void takesNoneOfSeveralMainPartsThatStandSideBySide() throws SourceFailure {
        String posts = "<article>" + p(FIRST) + "</article><article>" + p(SECOND) + "</article><article>" + p(THIRD)
                + "</article>";
        assertThat(text(posts)).isEqualTo(TEXT);
        assertThat(text("<p>Home page.</p><main>" + posts + "</main>")).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"article", "div itemprop=articleBody", "div role=main"})
    void keepsTheHeaderOfTheMainPart(String element) throws SourceFailure {
        String name = element.replaceAll(" .*", "");
        String header = "<header><h1>The river</h1></header>";
        assertThat(text("<" + element + ">" + header + STORY + "</" + name + ">"))
                .isEqualTo("The river\n\n" + TEXT);
        assertThat(text(header + STORY)).isEqualTo(TEXT);
    }

    @Test
    void keepsTheTitleThatStandsAboveTheMainPart() throws SourceFailure {
        assertThat(text("<h1>The river</h1><article>" + STORY + "</article>")).isEqualTo("The river\n\n" + TEXT);
        assertThat(text("<h1>Site</h1><article><h1>The river</h1>" + STORY + "</article>"))
                .isEqualTo("The river\n\n" + TEXT);
        assertThat(text("<h1><a href=/>Site</a></h1><article>" + STORY + "</article>"))
                .isEqualTo(TEXT);
    }

    @Test
    void takesWhatIsShownOfATitle() throws SourceFailure {
        assertThat(text("<h1>The <b>river</b><span hidden>Site</span><button>Edit</button></h1><article>" + STORY
                        + "</article>"))
                .isEqualTo("The river\n\n" + TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nav", "aside", "div role=dialog", "div role=navigation"})
    void takesNoTitleOfWhatIsBesideTheText(String element) throws SourceFailure {
        String name = element.replaceAll(" .*", "");
        String beside = "<" + element + "><h1>Menu</h1></" + name + ">";
        assertThat(text("<h1>The river</h1>" + beside + "<article>" + STORY + "</article>"))
                .isEqualTo("The river\n\n" + TEXT);
    }

    // The frame of prose

    @Test
    void leavesOutLabelsBeforeAndAfterTheProse() throws SourceFailure {
        assertThat(text("<p>Home page</p><h1>The river</h1><p>12 March</p>" + STORY
                        + "<h2>Office</h2><p>Mill Road 5, Oldtown</p>"))
                .isEqualTo("The river\n\n" + TEXT);
    }

    @Test
    void keepsSentencesItemsAndCodeAroundTheProse() throws SourceFailure {
        String around = "<h1>The river</h1><p>It floods.</p>" + STORY
                + "<p>So it is.</p><pre>depth = 3</pre><ul><li>one boat</li></ul>";
        assertThat(text(around))
                .isEqualTo("The river\n\nIt floods.\n\n" + TEXT + "\n\nSo it is.\n\ndepth = 3\n\n- one boat");
    }

    @Test
    void keepsItemsRowsAndCodeBeforeTheProse() throws SourceFailure {
        String before =
                "<h1>The river</h1><p>12 March</p><ul><li>one boat</li></ul><table><tr><td>depth<td>3</table><pre>x = 3</pre>";
        assertThat(text(before + STORY)).isEqualTo("The river\n\n- one boat\ndepth | 3\n\nx = 3\n\n" + TEXT);
    }

    @Test
    void keepsHeadingsAfterTheProseWithSentencesItemsAndCodeBelow() throws SourceFailure {
        String after =
                "<h2>Depth</h2><pre>depth = 3</pre><h2>Boats</h2><ul><li>one boat</li></ul><h2>End</h2><p>So it is.</p>";
        String office = "<h2>Office</h2><p>Mill Road 5, Oldtown</p>";
        assertThat(text(STORY + after + office + p("Home page")))
                .isEqualTo(TEXT + "\n\nDepth\n\ndepth = 3\n\nBoats\n\n- one boat\n\nEnd\n\nSo it is.");
    }

    @Test
    void keepsItemsOfAFewLettersAsTheyHaveNoLinks() throws SourceFailure {
        assertThat(text(STORY + "<ul><li>a<li>5</ul>")).isEqualTo(TEXT + "\n\n- a\n- 5");
        assertThat(text(STORY + "<ul><li>a <a href=/>b</a></ul>")).isEqualTo(TEXT);
    }

    @Test
    void keepsLabelsOnAPageThatIsNoProse() throws SourceFailure {
        String list = "<p>Oak table</p><p>Two chairs</p><p>A lamp</p><p>" + FIRST + "</p><p>Mill Road 5, Oldtown</p>";
        assertThat(text(list)).isEqualTo("Oak table\n\nTwo chairs\n\nA lamp\n\n" + FIRST + "\n\nMill Road 5, Oldtown");
    }

    // Pages that show their text by scripts

    @ParameterizedTest
    @ValueSource(strings = {"<noscript>%s</noscript>", "<div hidden>%s</div>"})
    void readsWhatScriptsWouldShowWhereLittleElseIsThere(String hidden) throws SourceFailure {
        String page = String.format(hidden, STORY);
        assertThat(text("<p>Loading</p>" + page)).isEqualTo(TEXT);
        assertThat(text(p(OTHER) + p(OTHER + " So they say.") + page))
                .isEqualTo(OTHER + "\n\n" + OTHER + " So they say.");
    }

    @Test
    void leavesOutWhatScriptsWouldShowOnAPageThatHasAText() throws SourceFailure {
        StringBuilder hidden = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            hidden.append(p(THIRD + " So it was in the year " + i + "."));
        }
        assertThat(text(p(FIRST) + p(SECOND) + div("hidden", hidden.toString())))
                .isEqualTo(FIRST + "\n\n" + SECOND);
    }

    @Test
    void leavesOutANoticeThatScriptsAreOff() throws SourceFailure {
        assertThat(text("<noscript>Please turn on scripts.</noscript>")).isEmpty();
        assertThat(text("<p>A short page of a few words, but whole.</p><noscript>Please turn on scripts.</noscript>"))
                .isEqualTo("A short page of a few words, but whole.");
    }

    // Headings

    @Test
    void takesALongHeadingThatIsASentenceForAParagraph() throws SourceFailure {
        assertThat(text("<h1>The river</h1><h2>" + FIRST + "</h2>")).isEqualTo("The river\n\n" + FIRST);
        assertThat(text("<h1>The river</h1><h2>It floods in spring.</h2>")).isEmpty();
    }

    @Test
    void keepsAHeadingWithBlocksInIt() throws SourceFailure {
        assertThat(text("<h1><div>The river</div><div>in spring</div></h1><p>It floods.</p><h2><p>x</p></h2>"))
                .isEqualTo("The river in spring\n\nIt floods.");
        // A page within a heading is none.
        assertThat(text("<h1><div>" + p(FIRST) + p(SECOND) + "</div></h1>")).isEqualTo(FIRST + "\n\n" + SECOND);
    }

    // Repeats

    @Test
    void writesALongParagraphOnce() throws SourceFailure {
        assertThat(text(STORY + p(SECOND))).isEqualTo(TEXT);
    }

    @Test
    void writesAParagraphThatWasALinkBefore() throws SourceFailure {
        assertThat(text("<p><a href=/river>" + SECOND + "</a></p>" + STORY)).isEqualTo(TEXT);
    }

    @Test
    void writesCodeRowsAndItemsAsOftenAsTheyStandThere() throws SourceFailure {
        String line =
                "it is one and the same line of more than sixty letters, time and again and again, here and there";
        String cell = "it is half a row of more than sixty letters";
        assertThat(text(p(FIRST) + ("<pre>" + line + "</pre>").repeat(2) + "<ul>" + ("<li>" + line).repeat(2) + "</ul>"
                        + "<table>" + ("<tr><td>" + cell + "<td>" + cell).repeat(2) + "</table>" + p(SECOND)))
                .isEqualTo(String.join(
                        "\n\n",
                        FIRST,
                        line,
                        line,
                        "- " + line + "\n- " + line + "\n" + cell + " | " + cell + "\n" + cell + " | " + cell,
                        SECOND));
    }

    @Test
    void writesAShortParagraphAsOftenAsItStandsThere() throws SourceFailure {
        String refrain = "So it goes, and so it went.";
        assertThat(text(p(FIRST) + p(refrain) + p(SECOND) + p(refrain) + p(THIRD)))
                .isEqualTo(String.join("\n\n", FIRST, refrain, SECOND, refrain, THIRD));
    }

    // Parts that users may want

    @Test
    void leavesOutCommentsBylinesAndCaptionsUnlessTheyAreWanted() throws SourceFailure {
        String page = "<article><h1>The river</h1><div class=byline>By A. Writer</div>" + p(FIRST)
                + "<figure><img src=x><figcaption>The bank in spring</figcaption></figure>" + p(SECOND) + p(THIRD)
                + "</article><div id=comments><p>Well said</p></div>";
        assertThat(text(page)).isEqualTo("The river\n\n" + TEXT);
        assertThat(text(
                        "<p>Home</p><div class=byline>By A. Writer</div><article>" + STORY + "</article>",
                        PagePart.BYLINES))
                .isEqualTo("By A. Writer\n\n" + TEXT);
        assertThat(text(page, PagePart.BYLINES)).isEqualTo("The river\n\nBy A. Writer\n\n" + TEXT);
        assertThat(text(page, PagePart.COMMENTS)).isEqualTo("The river\n\n" + TEXT + "\n\nWell said");
        assertThat(text(page, PagePart.CAPTIONS))
                .isEqualTo(String.join("\n\n", "The river", FIRST, "The bank in spring", SECOND, THIRD));
        assertThat(text(page, PagePart.values()))
                .isEqualTo(String.join(
                        "\n\n", "The river", "By A. Writer", FIRST, "The bank in spring", SECOND, THIRD, "Well said"));
    }

    @Test
    void namesTheRulesAndTheWantedParts() {
        assertThat(ReadablePage.extractor(Set.of())).isEqualTo("bandpass-page-2");
        assertThat(ReadablePage.extractor(Set.of(PagePart.COMMENTS, PagePart.CAPTIONS)))
                .isEqualTo("bandpass-page-2+captions+comments");
    }

    // Scripts without Latin punctuation

    @Test
    void knowsSentencesInOtherScripts() throws SourceFailure {
        List<List<String>> pages = List.of(
                List.of(
                        "河流发源于老城上方的山丘,一年中的大部分时间并不比一条路宽。春天它带来三个山谷的雪水,下面的草地变成一片湖泊。",
                        "住在这里的人都不在草地上盖房子,岸边的每一座房子都建在木桩上。最老的房子已经屹立了四百年,主人知道其中的原因。",
                        "铁路修到这里的时候,工程师沿着河岸铺设了线路,因为那里地势平坦。第一次洪水冲走了线路,第二次冲走了车站。",
                        "确实如此。",
                        "首页 关于我们"),
                List.of(
                        "ينبع النهر من التلال فوق المدينة القديمة، وهو في معظم أيام السنة ليس أعرض من الطريق. وفي الربيع يحمل ثلوج"
                                + " ثلاثة وديان فتصبح المروج بحيرة واسعة ولا يمر بها أحد.",
                        "لا أحد ممن يعيشون هنا يبني بيتا في المروج، وكل بيت على الضفة يقوم على أعمدة من الخشب. أقدمها قائم منذ"
                                + " أربعمائة سنة، وأصحابها يعرفون السبب.",
                        "عندما وصلت السكة الحديدية مد المهندسون الخط على طول الضفة لأن الأرض مستوية هناك. أخذ الفيضان الأول الخط"
                                + " وأخذ الفيضان الثاني المحطة معه.",
                        "أليس كذلك؟",
                        "الصفحة الرئيسية"),
                List.of(
                        "הנהר נובע בגבעות שמעל העיר העתיקה, וברוב ימות השנה הוא אינו רחב יותר מכביש. באביב הוא נושא את השלגים"
                                + " של שלושה עמקים, והאחו שלמטה הופך לאגם רחב ידיים.",
                        "איש מתושבי המקום אינו בונה באחו, וכל בית על הגדה עומד על כלונסאות. העתיקים שבהם עומדים כבר ארבע מאות"
                                + " שנה, ובעליהם יודעים היטב מדוע.",
                        "כאשר הגיעה הרכבת הניחו המהנדסים את המסילה לאורך הגדה, כי הקרקע שם מישורית. השיטפון הראשון לקח את המסילה,"
                                + " והשני לקח איתו גם את התחנה.",
                        "כך זה.",
                        "דף הבית"));
        for (List<String> page : pages) {
            List<String> paragraphs = new ArrayList<>(page.subList(0, 3));
            paragraphs.add(page.get(1) + " " + page.get(2));
            String prose = paragraphs.stream().map(PageRulesTest::p).reduce("", String::concat);
            String all = String.join("\n\n", paragraphs);
            String sentence = page.get(3);
            String label = p(page.get(4));
            assertThat(text(label + prose + p(sentence) + label)).isEqualTo(all + "\n\n" + sentence);
            assertThat(text(label + "<article>" + prose + "</article>" + p(sentence)))
                    .isEqualTo(all);
            assertThat(text(prose + prose)).isEqualTo(all);
        }
    }

    private static String p(String words) {
        return "<p>" + words + "</p>";
    }

    private static String div(String attributes, String content) {
        return "<div " + attributes + ">" + content + "</div>";
    }

    private static String text(String body, PagePart... wanted) throws SourceFailure {
        Set<PagePart> parts = EnumSet.noneOf(PagePart.class);
        parts.addAll(Arrays.asList(wanted));
        return ReadablePage.read(body, parts).text();
    }
}
