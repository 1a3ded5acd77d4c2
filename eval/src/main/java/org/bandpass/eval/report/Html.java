package org.bandpass.eval.report;

import java.util.List;
import java.util.Map;
import org.bandpass.eval.chart.Canvas;

/** Collects the parts of a page. Text is escaped; a picture is markup. */
final class Html {

    private final StringBuilder html = new StringBuilder();

    Html heading(String text) {
        return append("<h2>", Canvas.escape(text), "</h2>\n");
    }

    Html subheading(String text) {
        return append("<h3>", Canvas.escape(text), "</h3>\n");
    }

    Html paragraph(String style, String text) {
        return append("<p class=\"", style, "\">", Canvas.escape(text), "</p>\n");
    }

    Html figure(String svg, String caption) {
        return append(
                "<figure><div class=\"wide\">",
                svg,
                "</div><figcaption>",
                Canvas.escape(caption),
                "</figcaption></figure>\n");
    }

    Html table(String style, List<String> header, List<List<String>> rows) {
        append("<div class=\"wide\"><table class=\"", style, "\">\n<thead><tr>");
        header.forEach(cell -> append("<th>", Canvas.escape(cell), "</th>"));
        append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            append("<tr>");
            row.forEach(cell -> append("<td>", Canvas.escape(cell), "</td>"));
            append("</tr>\n");
        }
        return append("</tbody></table></div>\n");
    }

    Html pairs(Map<String, String> rows) {
        append("<table>\n<tbody>\n");
        rows.forEach((key, value) -> append(
                "<tr><td class=\"key\">",
                Canvas.escape(key),
                "</td><td class=\"value\"><code>",
                Canvas.escape(value),
                "</code></td></tr>\n"));
        return append("</tbody></table>\n");
    }

    /** Adds content that is folded on a screen and open in print. */
    Html details(String summary, Html content) {
        return append("<details><summary>", Canvas.escape(summary), "</summary>\n")
                .append(content.text(), "</details>\n");
    }

    Html block(String style, Html content) {
        return append("<div class=\"", style, "\">", content.text(), "</div>\n");
    }

    Html add(Html other) {
        return append(other.text());
    }

    String text() {
        return html.toString();
    }

    private Html append(String... markup) {
        for (String part : markup) {
            html.append(part);
        }
        return this;
    }
}
