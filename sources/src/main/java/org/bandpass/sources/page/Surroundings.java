package org.bandpass.sources.page;

import java.util.EnumSet;
import java.util.Set;
import org.bandpass.sources.page.PartNames.Name;
import org.bandpass.sources.page.TextShares.Share;
import org.jsoup.nodes.Element;

/**
 * Recognises the surroundings of a page's text: by the element, its role, or the words of its class and id; and lists of
 * links. An element with more than half of the text stays, whatever its name: authors wrap whole pages in a form, and
 * themes call them {@code has-sidebar modal-open}. Only comments of any length go, if another text remains. Names within
 * running text and code describe its looks, and those of cells their column, so they do not count.
 */
final class Surroundings {

    private static final Set<String> ELEMENTS = Set.of("nav", "header", "footer", "aside", "form", "menu");
    private static final Set<String> ROLES =
            Set.of("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog");
    private static final Set<String> LISTS = Set.of("ul", "ol", "dl", "table");

    /** Largest share of a list's text that may be that of links; menus have more. */
    private static final double MOST_LINKS = 0.5;

    /** A title in one of these is not the page's. */
    private static final Set<String> BESIDE = Set.of("nav", "aside", "dialog");

    private static final Set<String> BESIDE_ROLES = Set.of("navigation", "complementary", "dialog", "alertdialog");

    /** The names of these describe the text itself. */
    private static final Set<String> NOT_BY_NAME =
            Set.of("html", "body", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "pre");

    /** This many letters of prose are a text. */
    private static final int ENOUGH_PROSE = 400;

    private final Set<Name> unwanted = EnumSet.allOf(Name.class);
    private final Set<PagePart> wanted;
    private final PartNames names = new PartNames();
    private final int half;
    private final int prose;

    /**
     * Prepares for a page.
     *
     * @param all the text that is read
     * @param prose all prose of the page
     */
    Surroundings(Share all, int prose, Set<PagePart> wanted) {
        this.half = all.letters() / 2;
        this.prose = prose;
        this.wanted = wanted;
        wanted.forEach(part -> unwanted.remove(name(part)));
    }

    /**
     * Returns whether an element is not part of the text.
     *
     * @param inArticle whether it is within an article, whose header is its title
     * @param named whether its name counts there
     */
    boolean has(Element element, Share share, boolean inArticle, boolean named) {
        boolean most = share.letters() > half;
        return !most && isByElement(element, share, inArticle) || named && isByName(element, share, most);
    }

    /** Returns whether nothing in an element can be the main part of the page. */
    boolean hasNoMainPart(Element element, Share share) {
        return share.prose() <= prose / 2 && isByElement(element, share, false)
                || isByName(element, share, share.letters() > half);
    }

    /** Returns whether a title in an element is not that of the page. */
    static boolean isBeside(Element element) {
        return BESIDE.contains(element.normalName()) || BESIDE_ROLES.contains(element.attr("role"));
    }

    private boolean isByElement(Element element, Share share, boolean inArticle) {
        String name = element.normalName();
        return ELEMENTS.contains(name) && !(inArticle && name.equals("header"))
                || ROLES.contains(element.attr("role"))
                || LISTS.contains(name) && share.ofLinks() > MOST_LINKS * share.letters()
                || name.equals("figcaption") && !wanted.contains(PagePart.CAPTIONS);
    }

    private boolean isByName(Element element, Share share, boolean most) {
        if (!mayBeNamed(element)) {
            return false;
        }
        Set<Name> named = names.of(element);
        boolean mostProse = share.prose() > prose / 2;
        // Readers may write more than the author; where nobody else wrote, theirs is the text.
        boolean textBeside = prose - share.prose() >= ENOUGH_PROSE;
        return named.stream()
                .filter(unwanted::contains)
                .anyMatch(name -> name == Name.COMMENTS && textBeside || !most && !mostProse);
    }

    /** Returns whether an element is a part that is wanted beside the text. */
    boolean isWanted(Element element) {
        if (wanted.isEmpty() || !mayBeNamed(element)) {
            return false;
        }
        Set<Name> named = names.of(element);
        return wanted.stream().anyMatch(part -> named.contains(name(part)))
                || wanted.contains(PagePart.CAPTIONS) && element.normalName().equals("figcaption");
    }

    private static boolean mayBeNamed(Element element) {
        String name = element.normalName();
        return (Blocks.isBlock(element) || name.equals("time") || name.equals("span")) && !NOT_BY_NAME.contains(name);
    }

    private static Name name(PagePart part) {
        return switch (part) {
            case CAPTIONS -> Name.CAPTION;
            case BYLINES -> Name.BYLINE;
            case COMMENTS -> Name.COMMENTS;
        };
    }
}
