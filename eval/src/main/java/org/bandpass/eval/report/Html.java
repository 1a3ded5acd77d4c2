package org.bandpass.eval.report;

import java.util.List;
import org.bandpass.eval.chart.Canvas;

/** Collects the parts of a page. Text is escaped unless a method says that it takes markup. */
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

    /** Adds a picture, which is markup, with its caption. */
    Html figure(String svg, String caption) {
        return append(
                "<figure><div class=\"wide\">",
                svg,
                "</div><figcaption>",
                Canvas.escape(caption),
                "</figcaption></figure>\n");
    }

    /** Adds a table of numbers whose first column holds words. */
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

    Html pairs(List<List<String>> rows) {
        append("<table>\n<tbody>\n");
        rows.forEach(row -> append(
                "<tr><td class=\"key\">",
                Canvas.escape(row.get(0)),
                "</td><td class=\"value\"><code>",
                Canvas.escape(row.get(1)),
                "</code></td></tr>\n"));
        return append("</tbody></table>\n");
    }

    /** Adds something that is shown when the reader asks for it, and always in print. */
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
