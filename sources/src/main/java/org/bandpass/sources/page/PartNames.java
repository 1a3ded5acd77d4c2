package org.bandpass.sources.page;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;

/**
 * Reads the kind of a part from the class of an element, and from the id if themes choose it: ids of sections, terms and
 * spans are made from their headings. Whole words count: {@code post-share} is about sharing, {@code shareholders} is
 * not. The words are those that frameworks and themes use most; they are English on pages of any language. (The idea is
 * Readability's list of unlikely candidates, which matches parts of words.)
 */
final class PartNames {

    /** A kind of part, with the words that name it. */
    enum Name {
        COMMENTS("comments commentlist disqus respond livefyre"),
        BYLINE("byline dateline timestamp meta date author"),
        CAPTION("caption figcaption"),
        OTHER_PAGES("related recommended recommendations popular trending teaser teasers carousel outbrain taboola"
                + " mostread suggested recirc promoted tags categories tagcloud"),
        SHARING("share sharing sharedaddy social newsletter newsletters subscribe signup addthis addtoany"),
        DIALOG("cookie cookies consent gdpr modal popup lightbox offcanvas"),
        FRAME("footer copyright nav navigation navbar menu breadcrumb breadcrumbs masthead topbar"),
        ADVERTISEMENT("ad ads advert advertisement sponsor sponsored promo");

        private final String words;

        Name(String words) {
            this.words = words;
        }
    }

    private static final Map<String, Name> NAMES = names();

    /** Elements whose ids may name a part. */
    private static final Set<String> WITH_IDS =
            Set.of("div", "p", "ul", "ol", "dl", "table", "form", "aside", "nav", "header", "footer");

    /** Older programs write sections with this class. */
    private static final String SECTION = "section";

    private static final Set<Name> NONE = Set.of();

    /** Pages repeat the same classes over and over. */
    private final Map<String, Set<Name>> known = new HashMap<>();

    Set<Name> of(Element element) {
        String classes = element.attr("class");
        String id = WITH_IDS.contains(element.normalName()) && !classes.equals(SECTION) ? element.attr("id") : "";
        if (classes.isEmpty() && id.isEmpty()) {
            return NONE;
        }
        return known.computeIfAbsent(id.isEmpty() ? classes : classes + ' ' + id, PartNames::read);
    }

    private static Set<Name> read(String attributes) {
        EnumSet<Name> names = EnumSet.noneOf(Name.class);
        int begin = 0;
        for (int i = 0; i <= attributes.length(); i++) {
            boolean between = i == attributes.length() || !Character.isLetterOrDigit(attributes.charAt(i));
            if (between || i > begin && isCamelCase(attributes, i)) {
                Name name = NAMES.get(attributes.substring(begin, i).toLowerCase(Locale.ROOT));
                if (name != null) {
                    names.add(name);
                }
                begin = between ? i + 1 : i;
            }
        }
        return names.isEmpty() ? NONE : names;
    }

    /** Returns whether a word begins with a capital after a small letter. */
    private static boolean isCamelCase(String attributes, int i) {
        return Character.isUpperCase(attributes.charAt(i)) && Character.isLowerCase(attributes.charAt(i - 1));
    }

    private static Map<String, Name> names() {
        Map<String, Name> names = new HashMap<>();
        for (Name name : Name.values()) {
            for (String word : name.words.split(" ", -1)) {
                names.put(word, name);
            }
        }
        return names;
    }
}
