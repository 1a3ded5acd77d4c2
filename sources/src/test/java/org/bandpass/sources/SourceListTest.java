package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleFiles.gzip;
import static org.bandpass.sources.SampleFiles.write;

import java.nio.file.Path;
import java.util.List;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.UnusableInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceListTest {

    private static final String PATHS = "crawl-data/CC-MAIN-2024-10/segments/1/wet/a.warc.wet.gz\n"
            + "# a remark\n\n  /data/b.jsonl \r\nhttps://me:secret@host/c.jsonl?key=1\n";

    @TempDir
    private Path folder;

    private final HttpRequests requests = new HttpRequests(new HttpPatience(1, 1, 5_000, 60_000), line -> {});

    @Test
    void resolvesRelativePathsAgainstTheBase() {
        Path plain = write(folder.resolve("wet.paths"), PATHS);
        Path packed = write(folder.resolve("wet.paths.gz"), gzip(PATHS));
        for (Path list : List.of(plain, packed)) {
            assertThat(names(list.toString(), "https://data.commoncrawl.org/"))
                    .startsWith(
                            "https://data.commoncrawl.org/crawl-data/CC-MAIN-2024-10/segments/1/wet/a.warc.wet.gz",
                            "/data/b.jsonl")
                    .hasSize(3)
                    .noneMatch(name -> name.contains("secret"));
        }
        assertThat(names(plain.toString(), "https://host/base").get(0)).startsWith("https://host/base/crawl-data/");
        assertThat(names(plain.toString(), "/mirror").get(0)).startsWith("/mirror/crawl-data/");
    }

    @Test
    void skipsAByteOrderMark() {
        String marked = "\ufeff/data/a.jsonl\r\n/data/b.jsonl\r\n";
        for (byte[] content : List.of(SampleFiles.bytes(marked), gzip(marked))) {
            Path list = write(folder.resolve("list"), content);
            assertThat(names(list.toString(), null)).containsExactly("/data/a.jsonl", "/data/b.jsonl");
        }
        assertThat(names(write(folder.resolve("list"), "\ufeff# a remark\n").toString(), null))
                .isEmpty();
    }

    @Test
    void readsAListFromAServer() {
        try (FileServer server = new FileServer()) {
            server.put("/wet.paths.gz", gzip(PATHS));
            assertThat(names(server.url("/wet.paths.gz"), "/mirror")).hasSize(3);
            assertThatThrownBy(() -> names(server.url("/none.gz"), "/mirror"))
                    .isInstanceOf(UnusableInputException.class)
                    .hasMessageContaining("/none.gz cannot be read: the server answers 404");
        }
    }

    @Test
    void reportsTheInvalidLine() {
        Path list = write(folder.resolve("list"), PATHS);
        assertThatThrownBy(() -> names(list.toString(), null))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("line 1 of the list " + list + " is a relative path")
                .hasMessageContaining("--base https://data.commoncrawl.org/");
        assertThatThrownBy(() -> names(write(list, "\ns3://bucket/a.jsonl").toString(), "/mirror"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("use its http or https address");
        assertThatThrownBy(() -> names(write(list, "x".repeat(20_000)).toString(), "/mirror"))
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> names(write(list, "http://me:secret@host/a b").toString(), "/mirror"))
                .hasMessageContaining("line 1")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> names(folder.resolve("none").toString(), null))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("none cannot be read: no such file");
    }

    private List<String> names(String list, String base) {
        return SourceList.read(list, base, requests, null).stream()
                .map(Source::name)
                .toList();
    }
}
