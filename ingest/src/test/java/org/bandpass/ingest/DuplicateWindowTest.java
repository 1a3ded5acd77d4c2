package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Random;
import org.bandpass.schemas.DocumentId;
import org.junit.jupiter.api.Test;

/** Compares the window with a set that forgets its oldest ids. */
class DuplicateWindowTest {

    @Test
    void holdsExactlyTheLastOnes() {
        Random random = new Random(3);
        for (int size : new int[] {1, 2, 3, 7, 64, 1_000, 1_024, 1_025, 3_000}) {
            DuplicateWindow window = new DuplicateWindow(size);
            LinkedHashSet<Long> last = new LinkedHashSet<>();
            for (int i = 0; i < 20_000; i++) {
                // Ids with few low bits live in few slots, so that chains are long and removals move them.
                long high = random.nextInt(2 * size + 2);
                long low = high % 5;
                assertThat(window.contains(high, low)).isEqualTo(last.contains(high));
                if (!last.contains(high)) {
                    window.add(high, low);
                    last.add(high);
                    if (last.size() > size) {
                        last.remove(last.iterator().next());
                    }
                }
                assertThat(window.held()).isEqualTo(last.size());
            }
        }
    }

    @Test
    void knowsIdsByTheirHex() {
        DuplicateWindow window = new DuplicateWindow(10);
        String id = DocumentId.of("some text");
        window.add(id);

        assertThat(window.contains(id)).isTrue();
        assertThat(window.contains(DocumentId.of("other text"))).isFalse();
        assertThat(window.contains(
                        new java.math.BigInteger(id.substring(0, 16), 16).longValue(),
                        new java.math.BigInteger(id.substring(16), 16).longValue()))
                .isTrue();
    }

    @Test
    void holdsNothingWhenItHasNoRoom() {
        DuplicateWindow window = new DuplicateWindow(0);
        window.add(1, 1);

        assertThat(window.contains(1, 1)).isFalse();
        assertThat(window.held()).isZero();
    }
}
