package org.bandpass.sources.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;
import org.jspecify.annotations.Nullable;

/** How much text the elements of a page hold, how much of it is that of links, and how much is prose; one walk. */
final class TextShares implements NodeFilter {

    /** A block of fewer letters may be a label, a date or a teaser. */
    private static final int SHORTEST_PROSE = 60;

    /** Largest share of a block of prose that may be that of links. */
    private static final double MOST_LINKS = 0.3;

    /**
     * The text that an element shows, in letters.
     *
     * @param letters all of it
     * @param ofLinks what is within links
     * @param prose what is in blocks of prose, or preformatted
     * @param own what is outside of blocks in it
     */
    record Share(int letters, int ofLinks, int prose, int own) {

        /** Returns whether a block is running text even without a part within its lines. */
        boolean isRunningAround(Share part) {
            return own - part.own >= SHORTEST_PROSE;
        }
    }

    private static final Share NOTHING = new Share(0, 0, 0, 0);

    /** The counts of an open element so far; its own text is outside of the blocks in it. */
    private static final class Count {
        private int letters;
        private int ofLinks;
        private int prose;
        private int own;
        private int ownOfLinks;
        private final @Nullable Element titleBefore;

        Count(@Nullable Element titleBefore) {
            this.titleBefore = titleBefore;
        }
    }

    private final IdentityHashMap<Element, Share> shares = new IdentityHashMap<>();
    private final Deque<Count> open = new ArrayDeque<>();
    private final List<MainPart> mainParts = new ArrayList<>();
    private final Visibility visibility;
    private @Nullable Element title;
    private int links;
    private int beside;

    private TextShares(Visibility visibility) {
        this.visibility = visibility;
    }

    static TextShares of(Element root, Visibility visibility) {
        TextShares shares = new TextShares(visibility);
        NodeTraversor.filter(shares, root);
        return shares;
    }

    /** Returns what an element shows, or null where it is not shown. */
    @Nullable
    Share shown(Element element) {
        return shares.get(element);
    }

    Share of(Element element) {
        return shares.getOrDefault(element, NOTHING);
    }

    /** Returns the elements that name themselves the main part of the page, inner ones before outer ones. */
    List<MainPart> mainParts() {
        return mainParts;
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (node instanceof TextNode words && !open.isEmpty()) {
            Count count = open.peek();
            int letters = Letters.count(words.getWholeText());
            int ofLinks = links > 0 ? letters : 0;
            count.letters += letters;
            count.ofLinks += ofLinks;
            count.own += letters;
            count.ownOfLinks += ofLinks;
        } else if (node instanceof Element element) {
            if (visibility.hides(element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            links += element.normalName().equals("a") ? 1 : 0;
            beside += Surroundings.isBeside(element) ? 1 : 0;
            open.push(new Count(title));
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            Count count = open.pop();
            links -= element.normalName().equals("a") ? 1 : 0;
            beside -= Surroundings.isBeside(element) ? 1 : 0;
            boolean block = Blocks.isBlock(element);
            count.prose += block && isProse(element, count) ? count.own : 0;
            shares.put(element, new Share(count.letters, count.ofLinks, count.prose, count.own));
            remember(element, count);
            if (!open.isEmpty()) {
                addTo(open.peek(), count, block);
            }
        }
        return FilterResult.CONTINUE;
    }

    private void remember(Element element, Count count) {
        if (MainPart.isNamed(element)) {
            mainParts.add(new MainPart(element, Objects.equals(title, count.titleBefore) ? title : null));
        }
        if (element.normalName().equals("h1") && beside == 0 && count.ofLinks < count.letters) {
            title = element;
        }
    }

    private static boolean isProse(Element element, Count count) {
        return element.normalName().equals("pre")
                || count.own >= SHORTEST_PROSE && count.ownOfLinks < MOST_LINKS * count.own;
    }

    private static void addTo(Count parent, Count child, boolean block) {
        parent.letters += child.letters;
        parent.ofLinks += child.ofLinks;
        parent.prose += child.prose;
        if (!block) {
            parent.own += child.own;
            parent.ownOfLinks += child.ownOfLinks;
        }
    }
}
