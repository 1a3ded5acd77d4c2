package org.bandpass.sources.page;

import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * The main part of a page, where the page names it and the name fits: the smallest {@code article}, {@code main} or
 * {@code articleBody} that holds a good share of the prose. HTML (4.3.3, 4.4.14) and schema.org define these names for
 * this purpose; pages also give them to each of many teasers, or to one of several parts of a text, so the prose decides.
 *
 * @param element the part
 * @param title the last title above it where it has none of its own, or null
 */
record MainPart(Element element, @Nullable Element title) {

    /** With less of the prose it is a teaser, or one of several posts. */
    private static final double LEAST_PROSE = 0.3;

    /** Shares of less prose than a short paragraph say nothing. */
    private static final int ENOUGH = 150;

    /** Returns whether an element names itself the main part. */
    static boolean isNamed(Element element) {
        String name = element.normalName();
        return name.equals("article")
                || name.equals("main")
                || element.attr("itemprop").equals("articleBody")
                || element.attr("role").equals("main")
                || element.attr("role").equals("article");
    }

    /** Returns the main part, the whole body where none is named. */
    static MainPart of(Element body, TextShares shares) {
        int all = shares.of(body).prose();
        MainPart best = new MainPart(body, null);
        if (all >= ENOUGH) {
            for (MainPart named : shares.mainParts()) {
                TextShares.Share share = shares.of(named.element());
                if (share.prose() >= LEAST_PROSE * all
                        && share.letters() < shares.of(best.element()).letters()) {
                    best = named;
                }
            }
        }
        return best;
    }
}
