package org.bandpass.eval.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.IngestProgress;
import org.junit.jupiter.api.Test;

class DocumentCountsTest {

    private static IngestProgress.Builder progress(String path) {
        return IngestProgress.newBuilder()
                .setIngest("crawl")
                .setPath(path)
                .setBytes(1)
                .setModifiedAt(Instant.EPOCH)
                .setFingerprint("")
                .setPosition(1)
                .setFinished(true);
    }

    @Test
    void countsDocumentsByFile() {
        DocumentCounts documents = DocumentCounts.of(
                List.of(
                        progress("/a.jsonl")
                                .setIngested(Map.of("final", 5L, "held-out", 1L))
                                .build(),
                        progress("/b.jsonl").setIngested(Map.of("final", 2L)).build()),
                4,
                null,
                1);

        assertThat(documents.files()).isEqualTo(2);
        assertThat(documents.ingested()).isEqualTo(8);
        assertThat(documents.unscored()).isEqualTo(2);
    }

    @Test
    void comparesSequencesWithSequences() {
        ByteBuffer remainder = ByteBuffer.wrap(new byte[16]);
        DocumentCounts documents = DocumentCounts.of(
                List.of(
                        progress("/a.jsonl").setIngested(Map.of("final", 50L)).build(),
                        progress("packer/final/web")
                                .setPosition(3)
                                .setRemainder(remainder)
                                .build(),
                        progress("packer/final/code")
                                .setPosition(4)
                                .setRemainder(remainder)
                                .build(),
                        progress("packer/reference/web")
                                .setPosition(9)
                                .setRemainder(remainder)
                                .build(),
                        progress("admitted/0")
                                .setPosition(50)
                                .setRemainder(remainder)
                                .build()),
                6,
                null,
                1);

        assertThat(documents.files()).isEqualTo(1);
        assertThat(documents.unscored()).isZero();
    }
}
