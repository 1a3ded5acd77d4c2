package org.bandpass.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleCrawl.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.junit.jupiter.api.Test;

class ChunksTest {

    private static final String PAGE = "<p>" + "words ".repeat(32) + "</p>";

    @Test
    void refusesChunksThatBreakOffAfterAnyChunk() {
        String first = chunk("%x", PAGE);
        for (String cut : new String[] {"c7", "c7\r", "c7\r\n", "c7\r\n<p>more", "c7;x=y\r\nmore", ""}) {
            for (String whole : new String[] {first, first + first}) {
                assertThatThrownBy(() -> join(whole + cut))
                        .as(cut)
                        .isInstanceOfSatisfying(
                                SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.MALFORMED));
            }
        }
        for (int end = first.indexOf('<') + 1; end < first.length(); end++) {
            String cut = first.substring(0, end);
            assertThatThrownBy(() -> join(cut)).as("%d bytes", end).isInstanceOf(SourceFailure.class);
        }
    }

    @Test
    void joinsChunksWithPaddedSizes() throws SourceFailure {
        assertThat(join(chunk("%012x", PAGE) + chunk("%020X", "more") + "0000000000\r\n\r\n"))
                .isEqualTo(PAGE + "more");
        String large = "123456789abcdef01234\r\nis a number";
        assertThat(join(large)).isEqualTo(large);
    }

    @Test
    void keepsContentThatOnlyBeginsLikeAChunk() throws SourceFailure {
        for (String joined : new String[] {
            "5\r\nhello\r\nand more", "3;x\nabc\ndef", "2024\r\nwas a year", "3\n<p>a page</p>", "c8", "<p>c8</p>", ""
        }) {
            assertThat(join(joined)).isEqualTo(joined);
        }
    }

    /** A list may be spread over several fields; of a single value the first counts. */
    @Test
    void readsAListOfSeveralFields() throws SourceFailure {
        byte[] block = http(
                "Transfer-Encoding: identity\r\nContent-Type: a/b\r\nTransfer-encoding: Chunked ,\r\nContent-Type: c/d",
                SampleFiles.bytes(chunk("%x", PAGE) + "0\r\n\r\n"));
        CrawledResponse response = CrawledResponse.read(ByteBuffer.wrap(block));
        assertThat(response.fields().get("Content-Type")).isEqualTo("a/b");
        assertThat(text(CrawledBody.decode(response, 1 << 20))).isEqualTo(PAGE);
    }

    private static String chunk(String size, String content) {
        return size.formatted(content.length()) + "\r\n" + content + "\r\n";
    }

    private static String join(String body) throws SourceFailure {
        return text(Chunks.join(ByteBuffer.wrap(SampleFiles.bytes(body))));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
