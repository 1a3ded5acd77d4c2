package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;

class DeviceBatchesTest {

    private static final String CPU_SAYS = "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't"
            + " allocate memory: you tried to allocate 17592186044416 bytes. Error code 12 (Cannot allocate memory)";
    private static final String CUDA_SAYS =
            "The following operation failed in the TorchScript interpreter.\nRuntimeError:"
                    + " CUDA out of memory. Tried to allocate 2.00 GiB.";

    private final List<Integer> computed = new ArrayList<>();
    private final AtomicInteger halved = new AtomicInteger();

    /** Fails for more positions; the result of a row is its first id. */
    private UniformModel fitting(int positions, String says) {
        return new UniformModel(100, "m") {
            @Override
            public double[] rowNats(int[][] rows) {
                if (rows.length * rows[0].length > positions) {
                    throw new IllegalStateException(says);
                }
                computed.add(rows.length);
                double[] nats = new double[rows.length];
                for (int r = 0; r < rows.length; r++) {
                    nats[r] = rows[r][0];
                }
                return nats;
            }
        };
    }

    private DeviceBatches batches(int positions, String says) {
        return new DeviceBatches("cuda:0", fitting(positions, says), () -> false, halved::incrementAndGet);
    }

    private static int[][] rows(int count) {
        int[][] rows = new int[count][];
        for (int r = 0; r < count; r++) {
            rows[r] = new int[] {r, 1, 2, 3};
        }
        return rows;
    }

    @Test
    void halvesABatchUntilItFitsAndRemembersIt() {
        for (String says : List.of(CPU_SAYS, CUDA_SAYS)) {
            computed.clear();
            halved.set(0);
            DeviceBatches batches = batches(12, says);

            assertThat(batches.rowNats(rows(11))).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            assertThat(computed).containsExactly(2, 1, 2, 1, 2, 1, 2);
            assertThat(halved).hasValue(2);

            assertThat(batches.rowNats(rows(11))).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            assertThat(halved).hasValue(2);
        }
    }

    @Test
    void halvesTheNatsOfTokensToo() {
        UniformModel small = new UniformModel(100, "m") {
            @Override
            public float[][] tokenNats(int[][] rows) {
                if (rows.length > 1) {
                    throw new IllegalStateException(CUDA_SAYS);
                }
                return super.tokenNats(rows);
            }
        };

        assertThat(new DeviceBatches("cpu", small, () -> false, () -> {}).tokenNats(rows(3)))
                .isEqualTo(new UniformModel(100, "m").tokenNats(rows(3)));
    }

    @Test
    void failsWhenNotEvenOneRowFits() {
        assertThatThrownBy(() -> batches(3, CUDA_SAYS).rowNats(rows(8)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("cuda:0")
                .hasMessageContaining("4 ids");
    }

    @Test
    void passesOnOtherErrors() {
        assertThatThrownBy(() -> batches(3, "device lost").rowNats(rows(8))).hasMessage("device lost");
        assertThat(halved).hasValue(0);
    }

    @Test
    void beginsNoUnwantedBatch() {
        DeviceBatches unwanted = new DeviceBatches("cpu", fitting(100, ""), () -> true, () -> {});

        assertThatThrownBy(() -> unwanted.rowNats(rows(2))).isInstanceOf(CancellationException.class);
        assertThat(computed).isEmpty();
    }
}
