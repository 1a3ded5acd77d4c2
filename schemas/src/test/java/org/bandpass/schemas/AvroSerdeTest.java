package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class AvroSerdeTest {

    private static final AvroSerde<Document> SERDE = AvroSerde.of(Document.class);

    static Document document(String text) {
        String id = DocumentId.of(text);
        return Document.newBuilder()
                .setId(id)
                .setSplit(new Split(17, 0.05, 0.2).stamp(id))
                .setSource("test")
                .setDomain("prose")
                .setMetadata(Map.of("licence", "none"))
                .setBytes(text.length())
                .setText(text)
                .build();
    }

    @Test
    void readsWhatItWrote() {
        Document document = document("a text");

        assertThat(SERDE.read(SERDE.write(document))).isEqualTo(document);
    }

    @Test
    void writesSingleObjectEncodingThatAvroItselfReads() throws Exception {
        byte[] bytes = SERDE.write(document("a text"));

        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getShort()).isEqualTo((short) 0x01C3);
        assertThat(header.getLong()).isEqualTo(SchemaNormalization.parsingFingerprint64(Document.getClassSchema()));
        GenericRecord read = new GenericDatumReader<GenericRecord>(Document.getClassSchema())
                .read(null, DecoderFactory.get().binaryDecoder(bytes, 10, bytes.length - 10, null));
        assertThat(read.get("text")).hasToString("a text");
        assertThat(read.get("covers")).isEqualTo(List.of());
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThatThrownBy(() -> SERDE.read(new byte[] {1, 2, 3})).isInstanceOf(SerializationException.class);
        byte[] otherType = AvroSerde.of(Band.class).write(new Band("low", 0.0, 0.5));
        assertThatThrownBy(() -> SERDE.read(otherType)).isInstanceOf(SerializationException.class);
        byte[] cut = SERDE.write(document("a longer text"));
        assertThatThrownBy(() -> SERDE.read(java.util.Arrays.copyOf(cut, cut.length - 4)))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void passesOverAbsentValues() {
        assertThat(SERDE.serializer().serialize("topic", null)).isNull();
        assertThat(SERDE.deserializer().deserialize("topic", null)).isNull();
    }
}
