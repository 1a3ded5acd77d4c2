package org.bandpass.sources.page;

import java.util.Set;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;
import org.jspecify.annotations.Nullable;

/**
 * What a person reads of a page: headings, paragraphs, lists, tables and preformatted text, in order, without what
 * surrounds them on every page of a site.
 *
 * <p>Left out are, in this order: what is not shown or is a control; navigation, headers, footers, asides and forms; lists,
 * tables and paragraphs whose text is mostly that of links; headings with nothing below. Whatever holds more than half of
 * the page's text stays, as authors wrap whole pages in a form or a list.
 *
 * @param text the text, empty where nothing is left
 * @param language what the page says it is in, or null
 */
public record ReadablePage(String text, @Nullable String language) {

    /** A page of more tags would fill the memory; the longest articles have some ten thousands. */
    static final int MOST_TAGS = 200_000;

    private static final Set<String> UNSEEN = Set.of(
            "head",
            "script",
            "style",
            "noscript",
            "template",
            "iframe",
            "object",
            "embed",
            "applet",
            "svg",
            "canvas",
            "audio",
            "video",
            "map",
            "button",
            "select",
            "textarea",
            "input",
            "datalist",
            "dialog");

    private static final Set<String> SURROUNDINGS = Set.of("nav", "header", "footer", "aside", "form", "menu");
    private static final Set<String> SURROUNDING_ROLES =
            Set.of("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog");
    private static final Set<String> LISTS = Set.of("ul", "ol", "dl", "table");
    /** Blocks for jsoup that are mere marks within text. */
    private static final Set<String> INLINE = Set.of("ins", "del", "td", "th");

    /**
     * Reads a page.
     *
     * @throws SourceFailure if it is too much of a page
     */
    public static ReadablePage read(String html) throws SourceFailure {
        int tags = 0;
        for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
            if (++tags > MOST_TAGS) {
                throw new SourceFailure(Rejection.OVER_RECORD_LIMIT, "a page of more than " + MOST_TAGS + " tags");
            }
        }
        Document page = Jsoup.parse(html);
        LinkShares shares = LinkShares.of(page.body());
        Reading reading = new Reading(shares, page.body());
        NodeTraversor.filter(reading, page.body());
        return new ReadablePage(reading.text.end(), language(page));
    }

    private static @Nullable String language(Document page) {
        Element html = page.selectFirst("html");
        String language = html == null ? "" : html.attr("lang").strip();
        return language.isEmpty() ? null : language;
    }

    /** Returns whether nothing of an element is shown. */
    static boolean isUnseen(Element element) {
        return UNSEEN.contains(element.normalName())
                || element.hasAttr("hidden")
                || element.attr("aria-hidden").equals("true")
                || element.attr("style").replace(" ", "").contains("display:none");
    }

    /** One walk over what is shown. */
    private static final class Reading implements NodeFilter {

        private final LinkShares shares;
        private final int half;
        private final PageText text = new PageText();
        private int links;
        private int articles;

        Reading(LinkShares shares, Element body) {
            this.shares = shares;
            this.half = shares.letters(body) / 2;
        }

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode words) {
                text.add(words.getWholeText(), links > 0);
            } else if (node instanceof Element element) {
                if (isUnseen(element) || isAround(element)) {
                    return FilterResult.SKIP_ENTIRELY;
                }
                begin(element);
            }
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                end(element);
            }
            return FilterResult.CONTINUE;
        }

        private boolean isAround(Element element) {
            if (shares.letters(element) > half) {
                return false;
            }
            String name = element.normalName();
            // The header of an article is its title.
            return SURROUNDINGS.contains(name) && !(articles > 0 && name.equals("header"))
                    || SURROUNDING_ROLES.contains(element.attr("role"))
                    || LISTS.contains(name) && shares.isMostlyLinks(element);
        }

        private void begin(Element element) {
            switch (element.normalName()) {
                case "a" -> links++;
                case "article", "main" -> {
                    articles++;
                    text.paragraph();
                }
                case "br" -> text.lineBreak();
                case "h1", "h2", "h3", "h4", "h5", "h6" ->
                    text.heading(element.normalName().charAt(1) - '0');
                case "li", "dt", "dd" -> text.item(element.normalName().equals("li"));
                case "tr" -> text.row();
                case "td", "th" -> text.cell();
                case "pre" -> text.preformatted(true);
                default -> other(element);
            }
        }

        private void end(Element element) {
            switch (element.normalName()) {
                case "a" -> links--;
                case "article", "main" -> {
                    articles--;
                    text.paragraph();
                }
                case "br" -> {}
                case "li", "dt", "dd" -> text.endItem();
                case "pre" -> text.preformatted(false);
                default -> other(element);
            }
        }

        private void other(Element element) {
            if (element.isBlock() && !INLINE.contains(element.normalName())) {
                text.paragraph();
            }
        }
    }
}
