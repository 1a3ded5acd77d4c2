package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireFormatTest {

    private static final AvroSerde<Document> SERDE = AvroSerde.of(Document.class);
    private static final String TOPIC = "bandpass.documents";

    private final RegistryServer registry = new RegistryServer();
    private final WireFormat confluent = WireFormat.of(Map.of(WireFormat.REGISTRY_URL, registry.url()));
    private final Document document = AvroSerdeTest.document("a text");
    private final byte[] single = SERDE.write(document);

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void withoutARegistryValuesStandAsTheyAre() {
        WireFormat plain = WireFormat.of(Map.of("bootstrap.servers", "localhost:9092"));

        assertThat(plain.write(TOPIC, single)).isSameAs(single);
        assertThat(plain.read(single)).isSameAs(single);
    }

    @Test
    void writesTheConfluentFormatThatAvroItselfReads() throws Exception {
        byte[] written = confluent.write(TOPIC, single);

        assertThat(written[0]).isZero();
        int id = ByteBuffer.wrap(written).getInt(1);
        assertThat(registry.subjects()).isEqualTo(Map.of(TOPIC + "-value", List.of(id)));
        GenericRecord read = new GenericDatumReader<GenericRecord>(registry.schema(id))
                .read(null, DecoderFactory.get().binaryDecoder(written, 5, written.length - 5, null));
        assertThat(read.get("text")).hasToString("a text");
        assertThat(read.get("id")).hasToString(document.getId());
    }

    @Test
    void readsBothFormatsAndAsksOnce() {
        byte[] written = confluent.write(TOPIC, single);
        WireFormat reader = WireFormat.of(Map.of(WireFormat.REGISTRY_URL, registry.url() + "/"));

        for (int i = 0; i < 3; i++) {
            assertThat(SERDE.read(reader.read(written))).isEqualTo(document);
            assertThat(SERDE.read(reader.read(single))).isEqualTo(document);
            assertThat(confluent.write(TOPIC, single)).isEqualTo(written);
        }

        assertThat(registry.requests())
                .containsExactly("POST /subjects/" + TOPIC + "-value/versions", "GET /schemas/ids/1");
    }

    @Test
    void readsRecordsOfAnotherWritersSchema() {
        Schema current = Document.getClassSchema();
        List<Schema.Field> fields = new ArrayList<>();
        fields.add(new Schema.Field("licence", Schema.create(Schema.Type.STRING), "another's field", (Object) null));
        current.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        Schema other = Schema.createRecord(current.getName(), "", current.getNamespace(), false, fields);
        KnownSchemas.add(other);
        byte[] foreign = ByteBuffer.allocate(single.length + 4)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .put(single, 0, 2)
                .putLong(org.apache.avro.SchemaNormalization.parsingFingerprint64(other))
                .put(new byte[] {6, 'm', 'i', 't'})
                .put(single, 10, single.length - 10)
                .array();

        assertThat(SERDE.read(confluent.read(confluent.write(TOPIC, foreign)))).isEqualTo(document);
    }

    @Test
    void waitsWhileTheRegistryRestarts() {
        registry.fail(2);

        assertThat(confluent.write(TOPIC, single)[0]).isZero();
    }

    @Test
    void saysThatTheRegistryDoesNotAnswer() {
        registry.fail(100);

        assertThatThrownBy(() -> confluent.write(TOPIC, single))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessage("the schema registry at " + registry.url() + " does not answer: HTTP 503 starting");
    }

    @Test
    void anUnknownIdIsForTheReaderToRefuse() {
        byte[] written = confluent.write(TOPIC, single);
        written[4] = 2;

        byte[] read = confluent.read(written);

        assertThatThrownBy(() -> SERDE.read(read))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessageContaining("id 2 of the schema registry");

        // An id that a lagging registry did not know is asked for again.
        byte[] band = AvroSerde.of(Band.class).write(new Band("low", 0.0, 0.5));
        KnownSchemas.add(Band.getClassSchema());
        byte[] second = confluent.write("bands", band);
        assertThat(confluent.read(second)).isEqualTo(band);
    }

    @Test
    void clientsOnABrokerUseIt() {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            Map<String, Object> client = new HashMap<>(broker.client());
            Topics topics = Topics.withPrefix("wire.");
            String topic = topics.documents().name();
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, (short) 1).ensure(List.of(topics.documents()));
            }
            try (Producer<byte[], byte[]> plain = Clients.producer(client, topics)) {
                plain.send(new ProducerRecord<>(topic, 0, new byte[] {1}, single));
            }
            Map<String, Object> registered = new HashMap<>(client);
            registered.put(WireFormat.REGISTRY_URL, registry.url());
            try (Producer<byte[], byte[]> producer = Clients.producer(registered, topics)) {
                producer.send(new ProducerRecord<>(topic, 0, new byte[] {2}, single));
            }

            assertThat(values(client, topics)).containsExactly(single, confluent.write(topic, single));
            assertThat(values(registered, topics)).containsExactly(single, single);
        }
    }

    private static List<byte[]> values(Map<String, Object> client, Topics topics) {
        List<byte[]> values = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = Clients.reader(client, topics)) {
            OffsetSnapshot.visible(consumer, topics.documents().name())
                    .read(consumer, record -> values.add(record.value()));
        }
        return values;
    }
}
