package org.bandpass.eval.report;

import java.util.List;
import org.bandpass.eval.chart.Canvas;

/** Collects the parts of a page. Text is escaped unless a method says that it takes markup. */
final class Html {

    private final StringBuilder html = new StringBuilder();

    Html heading(String text) {
        html.append("<h2>").append(Canvas.escape(text)).append("</h2>\n");
        return this;
    }

    Html subheading(String text) {
        html.append("<h3>").append(Canvas.escape(text)).append("</h3>\n");
        return this;
    }

    Html paragraph(String style, String text) {
        html.append("<p class=\"")
                .append(style)
                .append("\">")
                .append(Canvas.escape(text))
                .append("</p>\n");
        return this;
    }

    /** Adds a picture, which is markup, with its caption. */
    Html figure(String svg, String caption) {
        html.append("<figure><div class=\"wide\">")
                .append(svg)
                .append("</div><figcaption>")
                .append(Canvas.escape(caption))
                .append("</figcaption></figure>\n");
        return this;
    }

    /** Adds a table of numbers whose first column holds words. */
    Html table(String style, List<String> header, List<List<String>> rows) {
        html.append("<div class=\"wide\"><table class=\"").append(style).append("\">\n<thead><tr>");
        header.forEach(cell -> html.append("<th>").append(Canvas.escape(cell)).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(cell -> html.append("<td>").append(Canvas.escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
        return this;
    }

    /** Adds a table of names and values. */
    Html pairs(List<List<String>> rows) {
        html.append("<table>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr><td class=\"key\">")
                    .append(Canvas.escape(row.get(0)))
                    .append("</td><td class=\"value\"><code>")
                    .append(Canvas.escape(row.get(1)))
                    .append("</code></td></tr>\n");
        }
        html.append("</tbody></table>\n");
        return this;
    }

    /** Adds something that is shown when the reader asks for it, and always in print. */
    Html details(String summary, Html content) {
        html.append("<details><summary>")
                .append(Canvas.escape(summary))
                .append("</summary>\n")
                .append(content.html)
                .append("</details>\n");
        return this;
    }

    /** Adds other parts within a block. */
    Html block(String style, Html content) {
        html.append("<div class=\"")
                .append(style)
                .append("\">")
                .append(content.html)
                .append("</div>\n");
        return this;
    }

    Html add(Html other) {
        html.append(other.html);
        return this;
    }

    String text() {
        return html.toString();
    }
}
