package org.bandpass.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeededOrderTest {

    private static final Shuffle BOUNDS = new Shuffle(8, 50, 10_000);

    /** Each document once in each epoch, for any division into blocks. */
    @Test
    void holdsEachDocumentOnceInEachEpoch() {
        for (int layout = 0; layout < 200; layout++) {
            List<DataBlock> blocks = blocks(new Random(layout));
            List<String> all = new ArrayList<>();
            blocks.forEach(b -> {
                for (int i = b.first(); i < b.end(); i++) {
                    all.add(b.partition() + "/" + i);
                }
            });
            for (int epoch = 0; epoch < 3; epoch++) {
                assertThat(order(blocks, layout, epoch)).containsExactlyInAnyOrderElementsOf(all);
            }
        }
    }

    @Test
    void isDecidedBySeedAndEpochAlone() {
        List<DataBlock> blocks = blocks(new Random(3));

        assertThat(order(blocks, 1, 0)).isEqualTo(order(List.copyOf(blocks), 1, 0));
        List<List<String>> orders = List.of(
                order(blocks, 1, 0),
                order(blocks, 1, 1),
                order(blocks, 2, 0),
                order(blocks, 0, 0),
                order(blocks, 0, 1),
                order(blocks, -1, 0));
        assertThat(new HashSet<>(orders)).hasSize(orders.size());
    }

    @Test
    void keepsWindowsWithinTheBuffer() {
        List<DataBlock> blocks = new ArrayList<>();
        for (int layout = 0; layout < 5; layout++) {
            blocks.addAll(blocks(new Random(layout)));
        }
        List<ShuffleWindow> windows = new SeededOrder(blocks, 1, BOUNDS).windows(0);

        assertThat(windows).hasSizeGreaterThan(3);
        long document = 0;
        for (ShuffleWindow window : windows) {
            assertThat(window.firstDocument()).isEqualTo(document);
            document += window.records();
            if (window.blocks().size() > 1) {
                assertThat(window.records()).isLessThanOrEqualTo(50);
                assertThat(window.blocks().stream().mapToLong(DataBlock::bytes).sum())
                        .isLessThanOrEqualTo(10_000);
            }
        }
    }

    /** The input is sorted by domain; each tenth of the epoch is mixed. */
    @Test
    void mixesWhatArrivedInOrder() {
        List<DataBlock> blocks = new ArrayList<>();
        for (int p = 0; p < 3; p++) {
            for (int first = 0; first < 8_000; first += 8) {
                blocks.add(new DataBlock(p, first, 8, 800));
            }
        }
        List<String> order = order(blocks, 1, 0, new Shuffle(8, 200, 1 << 20));

        for (int tenth = 0; tenth < 10; tenth++) {
            double mean = order.subList(tenth * 2_400, (tenth + 1) * 2_400).stream()
                    .mapToInt(d -> Integer.parseInt(d.substring(2)))
                    .average()
                    .orElseThrow();
            // 300 blocks of a uniform place in 8,000: 4,000 ± 133; four of these.
            assertThat(mean).isBetween(4_000 - 4 * 133.0, 4_000 + 4 * 133.0);
        }
    }

    private static List<String> order(List<DataBlock> blocks, long seed, long epoch) {
        return order(blocks, seed, epoch, BOUNDS);
    }

    private static List<String> order(List<DataBlock> blocks, long seed, long epoch, Shuffle bounds) {
        List<String> order = new ArrayList<>();
        for (ShuffleWindow window : new SeededOrder(blocks, seed, bounds).windows(epoch)) {
            List<String> slots = new ArrayList<>();
            for (DataBlock block : window.blocks()) {
                for (int i = block.first(); i < block.end(); i++) {
                    slots.add(block.partition() + "/" + i);
                }
            }
            int[] partitions = window.partitions();
            for (int slot : window.order()) {
                order.add(slots.get(slot));
                assertThat(slots.get(slot)).startsWith(partitions[slot] + "/");
            }
        }
        return order;
    }

    private static List<DataBlock> blocks(Random random) {
        List<DataBlock> blocks = new ArrayList<>();
        for (int p = 0; p < 1 + random.nextInt(4); p++) {
            int first = 0;
            for (int b = 0; b < 1 + random.nextInt(30); b++) {
                int records = 1 + random.nextInt(8);
                blocks.add(new DataBlock(p, first, records, random.nextInt(4_000)));
                first += records;
            }
        }
        return blocks;
    }
}
