package org.bandpass.cli;

import java.util.List;

/** Collects the parts of a page. Text is escaped unless a method says that it takes markup. */
final class ReportHtml {

    private final StringBuilder html = new StringBuilder();

    ReportHtml heading(String text) {
        html.append("<h2>").append(ChartCanvas.escape(text)).append("</h2>\n");
        return this;
    }

    ReportHtml subheading(String text) {
        html.append("<h3>").append(ChartCanvas.escape(text)).append("</h3>\n");
        return this;
    }

    ReportHtml paragraph(String style, String text) {
        html.append("<p class=\"")
                .append(style)
                .append("\">")
                .append(ChartCanvas.escape(text))
                .append("</p>\n");
        return this;
    }

    /** Adds a picture, which is markup, with its caption. */
    ReportHtml figure(String svg, String caption) {
        html.append("<figure><div class=\"wide\">")
                .append(svg)
                .append("</div><figcaption>")
                .append(ChartCanvas.escape(caption))
                .append("</figcaption></figure>\n");
        return this;
    }

    /** Adds a table of numbers whose first column holds words. */
    ReportHtml table(String style, List<String> header, List<List<String>> rows) {
        html.append("<div class=\"wide\"><table class=\"").append(style).append("\">\n<thead><tr>");
        header.forEach(
                cell -> html.append("<th>").append(ChartCanvas.escape(cell)).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(
                    cell -> html.append("<td>").append(ChartCanvas.escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
        return this;
    }

    /** Adds a table of names and values. */
    ReportHtml pairs(List<List<String>> rows) {
        html.append("<table>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr><td class=\"key\">")
                    .append(ChartCanvas.escape(row.get(0)))
                    .append("</td><td class=\"value\"><code>")
                    .append(ChartCanvas.escape(row.get(1)))
                    .append("</code></td></tr>\n");
        }
        html.append("</tbody></table>\n");
        return this;
    }

    /** Adds something that is shown when the reader asks for it, and always in print. */
    ReportHtml details(String summary, ReportHtml content) {
        html.append("<details><summary>")
                .append(ChartCanvas.escape(summary))
                .append("</summary>\n")
                .append(content.html)
                .append("</details>\n");
        return this;
    }

    /** Adds other parts within a block. */
    ReportHtml block(String style, ReportHtml content) {
        html.append("<div class=\"")
                .append(style)
                .append("\">")
                .append(content.html)
                .append("</div>\n");
        return this;
    }

    ReportHtml add(ReportHtml other) {
        html.append(other.html);
        return this;
    }

    String text() {
        return html.toString();
    }
}
