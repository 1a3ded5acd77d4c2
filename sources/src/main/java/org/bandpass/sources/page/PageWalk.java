package org.bandpass.sources.page;

import java.util.HashSet;
import java.util.Set;
import org.bandpass.sources.page.TextShares.Share;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/** One walk over what is shown of a page, which writes its text. */
final class PageWalk implements NodeFilter {

    private final PageText text = new PageText();
    private final TextShares shares;
    private final Surroundings surroundings;
    private final Element main;
    /** The main part and what contains it. */
    private final Set<Element> above;
    /** How deep the walk is within the main part and within parts that are wanted beside it. */
    private int reading;

    private int links;
    private int articles;

    private PageWalk(TextShares shares, Surroundings surroundings, Element main) {
        this.shares = shares;
        this.surroundings = surroundings;
        this.main = main;
        this.above = new HashSet<>(main.parents());
        above.add(main);
    }

    /** Returns the text of a page. */
    static String text(Element body, Visibility visibility, Set<PagePart> wanted) {
        TextShares shares = TextShares.of(body, visibility);
        MainPart part = MainPart.of(body, shares);
        Element main = part.element();
        Surroundings surroundings =
                new Surroundings(shares.of(main), shares.of(body).prose(), wanted);
        PageWalk walk = new PageWalk(shares, surroundings, main);
        if (part.title() != null) {
            walk.text.heading(1);
            walk.text.add(part.title().text(), false);
            walk.text.paragraph();
        }
        // Comments stand beside the main part.
        NodeTraversor.filter(walk, wanted.contains(PagePart.COMMENTS) ? body : main);
        return walk.text.end();
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (node instanceof TextNode words) {
            if (reading > 0) {
                text.add(words.getWholeText(), links > 0);
            }
        } else if (node instanceof Element element) {
            Share share = shares.shown(element);
            if (share == null || !above.contains(element) && surroundings.has(element, share, articles > 0)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            if (element.equals(main)) {
                reading++;
            }
            if (surroundings.isWanted(element)) {
                reading++;
                text.wanted();
            }
            begin(element, share);
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            end(element);
            if (surroundings.isWanted(element)) {
                reading--;
                text.endWanted();
            }
            if (element.equals(main)) {
                reading--;
            }
        }
        return FilterResult.CONTINUE;
    }

    private void begin(Element element, Share share) {
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
            case "tr" -> text.row(isShort(share));
            case "td", "th" -> text.cell();
            case "pre" -> text.code();
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
            case "br", "td", "th" -> {}
            case "li", "dt", "dd" -> text.endItem();
            case "tr" -> text.endRow(isShort(shares.of(element)));
            case "pre" -> text.endCode();
            default -> other(element);
        }
    }

    /** A row with prose in it is a layout, or its cells are texts. */
    private static boolean isShort(Share row) {
        return row.prose() == 0;
    }

    private void other(Element element) {
        if (Blocks.isBlock(element)) {
            text.paragraph();
        }
    }
}
