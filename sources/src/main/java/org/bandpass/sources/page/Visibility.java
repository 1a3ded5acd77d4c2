package org.bandpass.sources.page;

import java.util.Set;
import org.jsoup.nodes.Element;

/** Which elements of a page a browser shows. */
enum Visibility {
    /** What is shown when the page has loaded and its scripts have run. */
    SHOWN,
    /** Also what scripts would show later, or replace: {@code noscript} and {@code hidden}. */
    WITHOUT_SCRIPTS;

    private static final Set<String> NEVER_TEXT = Set.of(
            "head",
            "script",
            "style",
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

    boolean hides(Element element) {
        String name = element.normalName();
        if (NEVER_TEXT.contains(name)) {
            return true;
        }
        boolean later = name.equals("noscript") || element.hasAttr("hidden");
        if (later) {
            return this == SHOWN;
        }
        return element.attr("aria-hidden").equals("true")
                || element.attr("style").replace(" ", "").contains("display:none");
    }
}
