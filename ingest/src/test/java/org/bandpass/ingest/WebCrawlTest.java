package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files as crawlers and other projects wrote them. The counts were taken with zcat, grep and Python's json, not with code
 * of ours: responses and conversions by their WARC-Type lines, lines of JSON with a text by parsing them.
 */
class WebCrawlTest {

    private static final Path FOLDER = Path.of(System.getProperty("bandpass.root", ".."))
            .resolve("../shared/data/webcrawl")
            .normalize();

    private static final String GZIP_ENDS = "the gzip data end in the middle of a member";

    /**
     * What must come of a file.
     *
     * @param documents how many documents
     * @param others refusals and kinds passed over, with their numbers
     * @param url address of the first document, or null
     * @param domain domain of the first document
     */
    record Expected(String file, int documents, Map<String, Integer> others, String url, String domain) {

        static Expected of(String file, int documents, Map<String, Integer> others, String url) {
            return new Expected(file, documents, others, url, "unknown");
        }

        static Expected dolma(String file, int documents, String url) {
            return new Expected("dolma/" + file, documents, Map.of(), url, "common-crawl");
        }

        /** Another file, with other records. */
        static Expected beside(String file, int records) {
            return of("dolma/" + file, 0, Map.of("no-text", records), null);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static List<Expected> files() {
        // Other than the id, which this project's tests have changed.
        String advocates = "http://advocatesaz.org/tag/good-cholesterol/";
        String wiki = "https://an.wikipedia.org/wiki/Escopete";
        Map<String, Integer> rest = Map.of("warcinfo", 1, "request", 1, "metadata", 1);
        Map<String, Integer> many = Map.of("warcinfo", 1, "request", 17, "metadata", 16);
        String first = "http://003338.cn/l41/481397.html";
        String invoices = "http://100kinvesting.com/2016/11/28/first-teleconference-calls-invoice-factoring/";
        String getty = "http://archives2.getty.edu:8082/xtf/view?docId=ead/2002.M.13/2002.M.13.xml";
        return List.of(
                // Only line feeds, and every length is wrong: one too large, one by three bytes, two counted in
                // characters.
                Expected.of("cc_net/sample.warc.wet.txt", 3, Map.of("warcinfo", 1), "http://sample_english.com"),
                Expected.beside("expected__dedupe-by-url.json.gz", 10),
                Expected.beside("expected__dedupe-paragraph-ngrams.json.gz", 10),
                Expected.beside("expected__dedupe-paragraphs.json.gz", 10),
                Expected.dolma("expected__email-spans-jq.json.gz", 10, advocates),
                Expected.dolma("expected__email-spans.json.gz", 10, advocates),
                // Its address is its id.
                Expected.dolma(
                        "expected__filter-by-spans.json.gz",
                        6,
                        "http://advocatesaz.org/tag/antibiotic-resistant-bacteria/"),
                Expected.dolma("expected__mixer.json.gz", 6, advocates),
                Expected.dolma("expected__remove-paragraphs.json.gz", 10, advocates),
                Expected.beside("formats__test.jsonl", 1),
                Expected.beside("formats__test.jsonl.gz", 1),
                Expected.beside("formats__test.jsonl.zst", 1),
                Expected.dolma("multiple_files__cc_en_head-0091.jsonl", 10, invoices),
                Expected.dolma("multiple_files__cc_en_head-0091.jsonl.gz", 10, invoices),
                Expected.dolma("multiple_files__cc_en_head-0174.jsonl", 10, getty),
                Expected.dolma("multiple_files__cc_en_head-0174.jsonl.gz", 10, getty),
                Expected.beside("provided__attributes__duplicate_paragraphs__000.json.gz", 10),
                Expected.beside("provided__attributes__pii__000.json.gz", 10),
                Expected.beside("provided__attributes__sample__000.json.gz", 10),
                Expected.beside("provided__attributes__toxicity__000.json.gz", 10),
                Expected.dolma("provided__deduper__documents__000.json.gz", 10, advocates),
                Expected.dolma("provided__deduper__pathnotd0cumentz__000.json.gz", 10, advocates),
                Expected.dolma("provided__documents__000.json.gz", 10, advocates),
                // Two resources are Wget's own arguments and log.
                Expected.of(
                        "dolma/warc__sample-0000.warc.gz",
                        22,
                        Map.of("warcinfo", 1, "request", 22, "metadata", 3),
                        "https://www.semanticscholar.org/research/research-team"),
                // One page was fetched three times.
                Expected.of(
                        "dolma/warc__sample-0001.warc.gz",
                        13,
                        Map.of("warcinfo", 1, "request", 15, "metadata", 3, "duplicate", 2),
                        "https://creativecommons.org/"),
                Expected.of("olmo-c4/c4-sample.01.json.gz", 10, Map.of(), "https://www.kentlive.news/*"),
                Expected.of("olmo-c4/c4-sample.02.json.gz", 10, Map.of(), "*"),
                Expected.of("olmo-c4/c4-sample.03.json.gz", 10, Map.of(), "*"),
                new Expected(
                        "olmo-c4/c4_100_domains_5_www.theguardian.com_00000000.jsonl.gz",
                        10,
                        Map.of(),
                        null,
                        "c4_100_domains"),
                Expected.of("resiliparse/block-sized-records.warc", 0, Map.of("unknown-type", 3), null),
                Expected.of("resiliparse/block-sized-records.warc.gz", 0, Map.of("unknown-type", 3), null),
                Expected.of("resiliparse/block-sized-records.warc.lz4", 0, Map.of("unknown-type", 3), null),
                Expected.of("resiliparse/clipped.warc.gz", 0, Map.of("broken-off", 1), null),
                Expected.of("resiliparse/warcfile.warc", 16, many, first),
                Expected.of("resiliparse/warcfile.warc.gz", 16, many, first),
                Expected.of("resiliparse/warcfile.warc.lz4", 16, many, first),
                Expected.of("whirlwind-commoncrawl/whirlwind.warc", 1, rest, wiki),
                Expected.of("whirlwind-commoncrawl/whirlwind.warc.gz", 1, rest, wiki),
                Expected.of("whirlwind-commoncrawl/whirlwind.warc.wat", 0, Map.of("warcinfo", 1, "metadata", 1), null),
                Expected.of(
                        "whirlwind-commoncrawl/whirlwind.warc.wat.gz", 0, Map.of("warcinfo", 1, "metadata", 1), null),
                Expected.of("whirlwind-commoncrawl/whirlwind.warc.wet", 1, Map.of("warcinfo", 1), wiki),
                Expected.of("whirlwind-commoncrawl/whirlwind.warc.wet.gz", 1, Map.of("warcinfo", 1), wiki));
    }

    @BeforeAll
    static void lookForTheFolder() {
        assumeTrue(Files.isDirectory(FOLDER), "skipped: there is no ../shared/data/webcrawl");
    }

    @Test
    void namesEveryFile() throws IOException {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            assertThat(all.filter(Files::isRegularFile)
                            .map(file -> FOLDER.relativize(file).toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            files().stream().map(Expected::file).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void makesOfEachFileWhatItHolds(Expected expected) {
        CommandRun run = CommandRun.by(
                List.of("--dry-run", "--json", FOLDER.resolve(expected.file()).toString()));

        List<JsonNode> lines = run.lines();
        JsonNode summary = lines.get(lines.size() - 1).path("summary");
        assertThat(summary.path("documents").asInt()).isEqualTo(expected.documents());
        Map<String, Integer> others = new TreeMap<>();
        for (String what : List.of("refused", "passedOver")) {
            summary.path(what)
                    .properties()
                    .forEach(
                            entry -> others.put(entry.getKey(), entry.getValue().asInt()));
        }
        assertThat(others).isEqualTo(new TreeMap<>(expected.others()));
        boolean ofFile = others.keySet().stream().anyMatch(Rejection::isOfFile);
        assertThat(run.code()).isEqualTo(ofFile ? 1 : 0);
        if (expected.documents() > 0) {
            JsonNode document = lines.get(0);
            assertThat(document.path("domain").asText()).isEqualTo(expected.domain());
            assertThat(document.path("url").isNull() ? "" : document.path("url").asText())
                    .matches(
                            expected.url() == null
                                    ? ""
                                    : expected.url().replace("?", "\\?").replace("*", ".+"));
        }
    }

    @Test
    void saysWhereAFileEnds() {
        CommandRun run = CommandRun.by(List.of(
                "--dry-run", FOLDER.resolve("resiliparse/clipped.warc.gz").toString()));
        assertThat(run.out()).contains(GZIP_ENDS);
    }

    @Test
    void findsAllFieldsOfDolma() throws IOException {
        for (Candidate candidate : candidates("dolma/provided__documents__000.json.gz")) {
            assertThat(candidate.sourceId()).startsWith("http");
            assertThat(candidate.url()).startsWith("http");
            assertThat(candidate.language()).isEqualTo("en");
            assertThat(candidate.date()).startsWith("20");
            assertThat(candidate.domain()).isEqualTo("common-crawl");
        }
        for (Candidate candidate : candidates("olmo-c4/c4-sample.01.json.gz")) {
            assertThat(candidate.date()).startsWith("2019-04-");
        }
    }

    /** One page: the response, the text that Common Crawl extracted, and its metadata. */
    @Test
    void agreesWithCommonCrawlAboutAPage() throws IOException {
        Candidate page = candidates("whirlwind-commoncrawl/whirlwind.warc").get(0);
        Candidate text = candidates("whirlwind-commoncrawl/whirlwind.warc.wet").get(0);

        assertThat(page.url()).isEqualTo(text.url());
        assertThat(page.date()).isEqualTo(text.date());
        assertThat(Files.readString(FOLDER.resolve("whirlwind-commoncrawl/whirlwind.warc.wat")))
                .contains("WARC-Target-URI: " + page.url());
        assertThat(text.language()).isEqualTo("spa");
        assertThat(page.language()).isEqualTo("an");
        // Their text contains all of our readable text, and all menus too.
        assertThat(words(text.text())).containsAll(words(page.text()));
        String theirs = String.join(" ", text.text().split("\\s+"));
        List<String> sentences = page.text()
                .lines()
                .map(line -> line.replaceFirst("^- ", ""))
                .filter(line -> line.length() > 80)
                .toList();
        assertThat(sentences).isNotEmpty().allMatch(theirs::contains);
    }

    @Test
    void readsPlainAndPackedFilesAlike() throws IOException {
        for (String file : List.of("resiliparse/warcfile.warc", "whirlwind-commoncrawl/whirlwind.warc.wet")) {
            assertThat(candidates(file + ".gz")).isEqualTo(candidates(file));
        }
    }

    @Test
    void decodesAsTheCrawlerDid() throws IOException {
        List<Candidate> pages = candidates("resiliparse/warcfile.warc");
        assertThat(pages).noneMatch(page -> page.text().contains("\ufffd"));
        // Common Crawl found windows-1251 and Russian.
        String russian = pages.get(1).text();
        long cyrillic = russian.chars().filter(c -> c >= 0x410 && c < 0x450).count();
        assertThat(cyrillic)
                .isGreaterThan(russian.chars().filter(Character::isLetter).count() * 8 / 10);
    }

    private static Set<String> words(String text) {
        return Stream.of(text.split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Candidate> candidates(String file) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try (RecordReader reader =
                IngestSettingsTest.parse().opener().open(LocalFile.of(FOLDER.resolve(file)), bytes -> {})) {
            for (SourceRecord record = reader.next(); record != null; record = reader.next()) {
                if (record instanceof Candidate candidate) {
                    candidates.add(candidate);
                }
            }
        }
        return candidates;
    }
}
