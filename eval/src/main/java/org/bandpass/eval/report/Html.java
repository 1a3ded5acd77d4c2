package org.bandpass.eval.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bandpass.eval.chart.Canvas;

/** Collects the parts of a page. Text is escaped; a picture is markup. */
final class Html {

    private static final String STYLE = "report.css";

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

    /** Returns the content as a whole page, which needs no network. */
    String document(String title, String heading) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>%s</h1>
                %s</body>
                </html>
                """.formatted(Canvas.escape(title), style(), Canvas.escape(heading), html);
    }

    private static String style() {
        try (InputStream style = Objects.requireNonNull(Html.class.getResourceAsStream(STYLE), STYLE)) {
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Html add(String markup, String... texts) {
        html.append(markup.formatted(Arrays.stream(texts).map(Canvas::escape).toArray()));
        return this;
    }
}
