package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TokenizingThreadsTest {

    @Test
    void throwsWhatTheTokenizerThrew() {
        for (Throwable thrown : List.of(new OutOfMemoryError("heap"), new IllegalArgumentException("text"))) {
            assertThatThrownBy(() -> TokenizingThreads.await(CompletableFuture.failedFuture(thrown)))
                    .isSameAs(thrown);
        }
    }
}
