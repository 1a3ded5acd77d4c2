package org.bandpass.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.bandpass.service.ProgramFailure;
import org.bandpass.sources.charset.PageCharset;
import org.bandpass.sources.page.ReadablePage;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.SourceFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How well the text of pages is found, and how fast. */
@Command(
        name = "pages",
        description = {
            "Text of pages against what people marked as their text, by runs of four words.",
            "Reads a copy of https://github.com/scrapinghub/article-extraction-benchmark, or any folder with its"
                    + " layout: html/NAME.html.gz, and ground-truth.json, which has articleBody by NAME. Pages are"
                    + " decoded and read on one thread; the first round warms up and does not count."
        })
final class PagesBenchmark implements Callable<Integer> {

    private static final double AIM = 0.93;
    private static final String SUFFIX = ".html.gz";
    private static final double NANOS = 1e9;

    /** A page as stored, and its text as people marked it. */
    private record Page(byte[] html, String truth) {}

    private final PageCharset charset = new PageCharset(Bounds.DEFAULT.replacedShare());

    @Option(names = "--pages", paramLabel = "DIR", required = true, description = "Folder of the benchmark.")
    private Path folder = Path.of("");

    @Option(names = "--rounds", defaultValue = "4", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
    private int rounds = 4;

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() throws IOException {
        List<Page> pages = pages();
        ShingleScores scores = new ShingleScores();
        for (Page page : pages) {
            scores.add(page.truth(), text(page));
        }
        List<Double> speeds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            pages.forEach(this::text);
            speeds.add(pages.size() * NANOS / (System.nanoTime() - start));
        }
        report.print(List.of(
                Figure.of("pages", pages.size(), "pages"),
                Figure.atLeast("f1", scores.f1(), "ratio", AIM),
                Figure.of("precision", scores.precision(), "ratio"),
                Figure.of("recall", scores.recall(), "ratio"),
                Figure.of("speed", BestRound.most(speeds, speed -> speed), "pages/s")));
        return 0;
    }

    private List<Page> pages() throws IOException {
        Path truths = folder.resolve("ground-truth.json");
        if (!Files.isReadable(truths)) {
            throw new ProgramFailure("there is no " + truths + " to read; see 'bandpass bench pages --help'");
        }
        List<Page> pages = new ArrayList<>();
        for (Map.Entry<String, JsonNode> truth :
                new ObjectMapper().readTree(truths.toFile()).properties()) {
            Path html = folder.resolve("html").resolve(truth.getKey() + SUFFIX);
            try (InputStream in = new GZIPInputStream(Files.newInputStream(html))) {
                pages.add(new Page(
                        in.readAllBytes(), truth.getValue().path("articleBody").asText()));
            }
        }
        if (pages.isEmpty()) {
            throw new ProgramFailure(truths + " names no page");
        }
        return pages;
    }

    /** Returns the text, empty where the page is refused. */
    private String text(Page page) {
        String html = charset.decode(ByteBuffer.wrap(page.html()), null);
        try {
            return html == null ? "" : ReadablePage.read(html, Set.of()).text();
        } catch (SourceFailure e) {
            return "";
        }
    }
}
