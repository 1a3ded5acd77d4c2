package org.bandpass.sources.page;

import java.util.Set;
import java.util.TreeSet;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * What a person reads of a page: headings, paragraphs, lists, tables and code, in order, without what surrounds them on
 * every page of a site. The rules are general; each is in a place of its own: {@link Visibility}, {@link MainPart},
 * {@link Surroundings} with {@link PartNames}, {@link PageText}, {@link ProseFrame}.
 *
 * @param text the text, empty where nothing is left
 * @param language the language that the page declares, or null
 */
public record ReadablePage(String text, @Nullable String language) {

    /** Changes whenever the rules give another text for some page. Documents record it, as their ids depend on it. */
    private static final String REVISION = "bandpass-page-2";

    /** A page of more tags would fill the memory; the longest articles have some ten thousands. */
    static final int MOST_TAGS = 200_000;

    /** A page with fewer letters shows its text by scripts. */
    private static final int FEW_LETTERS = 200;

    /** Text that scripts would show counts only if it is much more: less is a notice that scripts are off. */
    private static final int TIMES_MORE = 10;

    /**
     * Reads a page.
     *
     * @param wanted parts that are kept beside the text
     * @throws SourceFailure if it has too many tags
     */
    public static ReadablePage read(String html, Set<PagePart> wanted) throws SourceFailure {
        int tags = 0;
        for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
            if (++tags > MOST_TAGS) {
                throw new SourceFailure(Rejection.OVER_RECORD_LIMIT, "a page of more than " + MOST_TAGS + " tags");
            }
        }
        Document page = Jsoup.parse(html);
        return new ReadablePage(text(page.body(), wanted), language(page));
    }

    /** Returns which rules make the texts, and which parts are kept. */
    public static String extractor(Set<PagePart> wanted) {
        StringBuilder extractor = new StringBuilder(REVISION);
        new TreeSet<>(wanted).forEach(part -> extractor.append('+').append(part.word()));
        return extractor.toString();
    }

    private static String text(Element body, Set<PagePart> wanted) {
        String text = PageWalk.text(body, Visibility.SHOWN, wanted);
        int letters = Letters.count(text);
        if (letters >= FEW_LETTERS) {
            return text;
        }
        String more = PageWalk.text(body, Visibility.WITHOUT_SCRIPTS, wanted);
        return Letters.count(more) >= Math.max(FEW_LETTERS, TIMES_MORE * letters) ? more : text;
    }

    private static @Nullable String language(Document page) {
        Element html = page.selectFirst("html");
        String language = html == null ? "" : html.attr("lang").strip();
        return language.isEmpty() ? null : language;
    }
}
