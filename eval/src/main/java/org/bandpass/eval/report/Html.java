package org.bandpass.eval.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.chart.Canvas;

/** Collects the parts of a page. Text is escaped; a picture is markup. */
final class Html {

    private final StringBuilder html = new StringBuilder();

    Html heading(String text) {
        return add("<h2>%s</h2>\n", text);
    }

    Html subheading(String text) {
        return add("<h3>%s</h3>\n", text);
    }

    Html paragraph(String style, String text) {
        return add("<p class=\"%s\">%s</p>\n", style, text);
    }

    Html figure(String svg, String caption) {
        html.append("<figure><div class=\"wide\">").append(svg);
        return add("</div><figcaption>%s</figcaption></figure>\n", caption);
    }

    Html table(String style, List<String> header, List<List<String>> rows) {
        add("<div class=\"wide\"><table class=\"%s\">\n<thead><tr>", style);
        header.forEach(cell -> add("<th>%s</th>", cell));
        add("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            add("<tr>");
            row.forEach(cell -> add("<td>%s</td>", cell));
            add("</tr>\n");
        }
        return add("</tbody></table></div>\n");
    }

    Html pairs(Map<String, String> rows) {
        add("<table>\n<tbody>\n");
        String row = "<tr><td class=\"key\">%s</td><td class=\"value\"><code>%s</code></td></tr>\n";
        rows.forEach((key, value) -> add(row, key, value));
        return add("</tbody></table>\n");
    }

    /** Adds content that is folded on a screen and open in print. */
    Html details(String summary, Html content) {
        return add("<details><summary>%s</summary>\n", summary).add(content).add("</details>\n");
    }

    Html block(String style, Html content) {
        return add("<div class=\"%s\">", style).add(content).add("</div>\n");
    }

    Html add(Html other) {
        html.append(other.html);
        return this;
    }

    String text() {
        return html.toString();
    }

    private Html add(String markup, String... texts) {
        html.append(markup.formatted(Arrays.stream(texts).map(Canvas::escape).toArray()));
        return this;
    }
}
