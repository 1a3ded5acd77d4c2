package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitTest {

    private static final Split SPLIT = new Split(17, 0.05, 0.20);

    @Test
    void givesEachPartItsShare() {
        Map<SplitPart, Integer> counts = new EnumMap<>(SplitPart.class);
        for (int i = 0; i < 100_000; i++) {
            counts.merge(SPLIT.partOf(DocumentId.of("document " + i)), 1, Integer::sum);
        }

        // Four standard deviations of a binomial of 100,000.
        assertThat(counts.get(SplitPart.HELD_OUT)).isBetween(4_724, 5_276);
        assertThat(counts.get(SplitPart.REFERENCE)).isBetween(19_494, 20_506);
        assertThat(counts.get(SplitPart.FINAL)).isBetween(74_452, 75_548);
    }

    @Test
    void followsTheDefinitionInExactArithmetic() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            String id = DocumentId.of("text " + i);
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(ByteBuffer.allocate(8).putLong(0, 17L));
            byte[] digest = sha.digest(id.getBytes(StandardCharsets.US_ASCII));
            byte[] eight = new byte[8];
            System.arraycopy(digest, 0, eight, 0, 8);
            double u = new BigInteger(1, eight).doubleValue() / Math.pow(2, 64);
            SplitPart expected = u < 0.05 ? SplitPart.HELD_OUT : u < 0.25 ? SplitPart.REFERENCE : SplitPart.FINAL;

            assertThat(SPLIT.partOf(id)).isEqualTo(expected);
        }
    }

    @Test
    void dependsOnTheSeed() {
        Split other = new Split(18, 0.05, 0.20);
        long moved = java.util.stream.IntStream.range(0, 1_000)
                .mapToObj(i -> DocumentId.of("document " + i))
                .filter(id -> SPLIT.partOf(id) != other.partOf(id))
                .count();

        assertThat(moved).isGreaterThan(250);
    }

    @Test
    void isReadBackFromItsStamp() {
        assertThat(Split.of(SPLIT.stamp(DocumentId.of("abc")))).isEqualTo(SPLIT);
    }

    @Test
    void refusesSharesThatCannotBe() {
        assertThatThrownBy(() -> new Split(1, 0.6, 0.5)).hasMessageContaining("0.6");
        assertThatThrownBy(() -> new Split(1, -0.1, 0.5)).hasMessageContaining("-0.1");
        assertThatThrownBy(() -> new Split(1, Double.NaN, 0.5)).isInstanceOf(IllegalArgumentException.class);
    }
}
