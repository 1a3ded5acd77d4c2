package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class UnknownSchemaTest {

    private static final AvroSerde<DeadLetter> SERDE = AvroSerde.of(DeadLetter.class);

    private static byte[] letter() {
        return SERDE.write(DeadLetter.newBuilder()
                .setProgram("scorer")
                .setReason("empty-text")
                .setDetail("")
                .build());
    }

    @Test
    void tellsASchemaThatIsUnknownFromBytesThatAreNoRecord() {
        byte[] newer = letter();
        newer[2] ^= 1;

        assertThatThrownBy(() -> SERDE.read(newer))
                .isInstanceOfSatisfying(
                        UnknownSchemaException.class,
                        e -> assertThat(e.at("bandpass.documents", 3, 17))
                                .contains("bandpass.documents partition 3 offset 17", e.schema())
                                .contains("--set dead.letter.positions=bandpass.documents-3@17"));
        assertThatThrownBy(() -> SERDE.read(new byte[] {'{', '}'}))
                .isInstanceOf(SerializationException.class)
                .isNotInstanceOf(UnknownSchemaException.class);
        assertThatThrownBy(() -> SERDE.read(new byte[] {0, 0, 0, 0, 99, 1}))
                .as("the Confluent format where no registry was asked")
                .isNotInstanceOf(UnknownSchemaException.class);
    }

    @Test
    void knowsAnIdThatTheRegistryDoesNotKnow() {
        try (RegistryServer registry = new RegistryServer()) {
            WireFormat format = WireFormat.of(Map.of(WireFormat.REGISTRY_URL, registry.url()));
            byte[] value = format.read(new byte[] {0, 0, 0, 3, (byte) 231, 1});

            assertThatThrownBy(() -> SERDE.read(value))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageContaining("id 999 of the schema registry");
        }
    }

    @Test
    void namesPositions() {
        DeadLetterPositions positions = DeadLetterPositions.parse("bandpass.documents-3@17, my-topic-0@0");

        assertThat(positions.contains("bandpass.documents", 3, 17)).isTrue();
        assertThat(positions.contains("my-topic", 0, 0)).isTrue();
        assertThat(positions.contains("bandpass.documents", 3, 18)).isFalse();
        assertThat(DeadLetterPositions.parse("")).isEqualTo(DeadLetterPositions.NONE);
        assertThatThrownBy(() -> DeadLetterPositions.parse("documents 3 17"))
                .hasMessageContaining("'documents 3 17'")
                .hasMessageContaining("TOPIC-PARTITION@OFFSET");
    }
}
