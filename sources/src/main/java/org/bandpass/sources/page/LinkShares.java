package org.bandpass.sources.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/** How much text the elements of a page hold, and how much of it is that of links; counted in one walk. */
final class LinkShares implements NodeFilter {

    /** Largest share of a list's text that may be that of links; menus have more. */
    private static final double MOST_LINKS = 0.5;

    private record Share(int letters, int ofLinks) {}

    private static final class Count {
        private int letters;
        private int ofLinks;
    }

    private final IdentityHashMap<Element, Share> shares = new IdentityHashMap<>();
    private final Deque<Count> open = new ArrayDeque<>();
    private int links;

    private LinkShares() {}

    static LinkShares of(Element root) {
        LinkShares shares = new LinkShares();
        NodeTraversor.filter(shares, root);
        return shares;
    }

    /** Returns how many characters other than white space an element shows. */
    int letters(Element element) {
        return share(element).letters();
    }

    boolean isMostlyLinks(Element element) {
        Share share = share(element);
        return share.ofLinks() > MOST_LINKS * share.letters();
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (node instanceof TextNode words && !open.isEmpty()) {
            int letters = letters(words.getWholeText());
            open.peek().letters += letters;
            open.peek().ofLinks += links > 0 ? letters : 0;
        } else if (node instanceof Element element) {
            if (ReadablePage.isUnseen(element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            links += element.normalName().equals("a") ? 1 : 0;
            open.push(new Count());
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            Count count = open.pop();
            links -= element.normalName().equals("a") ? 1 : 0;
            shares.put(element, new Share(count.letters, count.ofLinks));
            if (!open.isEmpty()) {
                open.peek().letters += count.letters;
                open.peek().ofLinks += count.ofLinks;
            }
        }
        return FilterResult.CONTINUE;
    }

    static int letters(CharSequence text) {
        int letters = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            letters += PageText.isSpace(c) || PageText.isUnseen(c) ? 0 : 1;
        }
        return letters;
    }

    private Share share(Element element) {
        return shares.getOrDefault(element, new Share(0, 0));
    }
}
