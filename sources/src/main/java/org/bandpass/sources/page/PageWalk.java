package org.bandpass.sources.page;

import java.util.ArrayDeque;
import java.util.Deque;
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
    private int code;
    /** The blocks that are open. */
    private final Deque<Share> blocks = new ArrayDeque<>();

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
            walk.reading++;
            NodeTraversor.filter(walk, part.title());
            walk.reading--;
        }
        // Comments and bylines may stand beside the main part.
        boolean beside = wanted.contains(PagePart.COMMENTS) || wanted.contains(PagePart.BYLINES);
        NodeTraversor.filter(walk, beside ? body : main);
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
            if (share == null) {
                return FilterResult.SKIP_ENTIRELY;
            }
            return enter(element, share);
        }
        return FilterResult.CONTINUE;
    }

    private FilterResult enter(Element element, Share share) {
        boolean named = isNamed(element, share);
        if (!above.contains(element) && surroundings.has(element, share, articles > 0, named)) {
            return FilterResult.SKIP_ENTIRELY;
        }
        if (element.equals(main)) {
            reading++;
            articles += MainPart.isNamed(main) ? 1 : 0;
        }
        if (named && surroundings.isWanted(element)) {
            reading++;
            text.wanted();
        }
        begin(element, share);
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            Share share = shares.of(element);
            end(element, share);
            if (isNamed(element, share) && surroundings.isWanted(element)) {
                reading--;
                text.endWanted();
            }
            if (element.equals(main)) {
                reading--;
                articles -= MainPart.isNamed(main) ? 1 : 0;
            }
        }
        return FilterResult.CONTINUE;
    }

    /** Returns whether the name of an element counts where the walk is: neither in code nor in running text. */
    private boolean isNamed(Element element, Share share) {
        if (code > 0) {
            return false;
        }
        Share around = blocks.peek();
        return around == null || Blocks.isBlock(element) || !around.isRunningAround(share);
    }

    private void begin(Element element, Share share) {
        if (Blocks.isBlock(element)) {
            blocks.push(share);
        }
        switch (element.normalName()) {
            case "a" -> links++;
            case "article", "main" -> {
                articles++;
                text.paragraph();
            }
            case "br" -> text.lineBreak();
            case "h1", "h2", "h3", "h4", "h5", "h6" ->
                text.heading(element.normalName().charAt(1) - '0', isShort(share));
            case "li", "dt", "dd" -> text.item(element.normalName().equals("li"));
            case "tr" -> text.row(isShort(share));
            case "td", "th" -> text.cell();
            case "pre" -> {
                code++;
                text.code();
            }
            case "code" -> code++;
            default -> other(element);
        }
    }

    private void end(Element element, Share share) {
        if (Blocks.isBlock(element)) {
            blocks.pop();
        }
        switch (element.normalName()) {
            case "a" -> links--;
            case "article", "main" -> {
                articles--;
                text.paragraph();
            }
            case "br", "td", "th" -> {}
            case "h1", "h2", "h3", "h4", "h5", "h6" -> text.endHeading(isShort(share));
            case "li", "dt", "dd" -> text.endItem();
            case "tr" -> text.endRow(isShort(share));
            case "pre" -> {
                code--;
                text.endCode();
            }
            case "code" -> code--;
            default -> other(element);
        }
    }

    /** A row or heading with prose in blocks is a layout, or they are texts. */
    private static boolean isShort(Share share) {
        return share.prose() == 0;
    }

    private void other(Element element) {
        if (Blocks.isBlock(element)) {
            text.paragraph();
        }
    }
}
