package org.bandpass.sources.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * The main part of a page, if the page names one and the name fits: the innermost {@code article}, {@code main} or
 * {@code articleBody} that holds a good share of the prose, without an equal beside it. HTML (4.3.3, 4.4.14) and
 * schema.org define the names for this purpose. Pages also give them to teasers, to comments, or to one of several parts
 * of a text, so the prose decides.
 *
 * @param element the part
 * @param title the last title above it, if it has none itself; else null
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

    /** Returns the main part: the whole body if none is named, or if several are side by side. */
    static MainPart of(Element body, TextShares shares) {
        int all = shares.of(body).prose();
        MainPart main = new MainPart(body, null);
        if (all < ENOUGH) {
            return main;
        }
        Map<Element, MainPart> large = new HashMap<>();
        for (MainPart named : shares.mainParts()) {
            if (shares.of(named.element()).prose() >= LEAST_PROSE * all) {
                large.put(named.element(), named);
            }
        }
        large.put(body, main);
        Map<Element, List<MainPart>> within = within(large, new Surroundings(shares.of(body), all, Set.of()), shares);
        for (List<MainPart> parts = List.of(main); parts.size() == 1; ) {
            main = parts.get(0);
            parts = within.getOrDefault(main.element(), List.of());
        }
        return main;
    }

    /** Returns the parts that are directly within each part or body, without those in surroundings. */
    private static Map<Element, List<MainPart>> within(
            Map<Element, MainPart> large, Surroundings surroundings, TextShares shares) {
        Map<Element, List<MainPart>> within = new HashMap<>();
        for (MainPart part : large.values()) {
            Element outer = part.element();
            boolean readable;
            do {
                readable = !surroundings.hasNoMainPart(outer, shares.of(outer));
                outer = outer.parent();
            } while (readable && outer != null && !large.containsKey(outer));
            if (readable && outer != null) {
                within.computeIfAbsent(outer, key -> new ArrayList<>()).add(part);
            }
        }
        return within;
    }
}
