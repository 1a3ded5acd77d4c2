package org.bandpass.sources.page;

import java.util.Set;
import org.jsoup.nodes.Element;

/** Which elements stand on lines of their own. */
final class Blocks {

    /** Blocks for jsoup that mark words within a line. */
    private static final Set<String> INLINE = Set.of("ins", "del");

    private Blocks() {}

    static boolean isBlock(Element element) {
        return element.isBlock() && !INLINE.contains(element.normalName());
    }
}
