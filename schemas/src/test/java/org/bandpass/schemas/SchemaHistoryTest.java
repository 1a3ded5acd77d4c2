package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics keep records for ever, so every version that was ever written must stay readable. */
class SchemaHistoryTest {

    private static final int RECORDS = 50;

    static Stream<Class<? extends SpecificRecord>> records() {
        return Stream.of(
                Document.class,
                ScoredDocument.class,
                ScoreDigest.class,
                Cuts.class,
                Plan.class,
                TrainingRun.class,
                EvaluationResult.class,
                IngestProgress.class,
                DeadLetter.class,
                SequenceRemainder.class);
    }

    private static Schema schema(Class<? extends SpecificRecord> type) {
        return org.apache.avro.specific.SpecificData.get().getSchema(type);
    }

    @Test
    void namesEveryRecordThatIsWritten() {
        assertThat(records().map(SchemaHistoryTest::schema)).containsExactlyElementsOf(KnownSchemas.WRITTEN);
    }

    @ParameterizedTest
    @MethodSource("records")
    void theLastVersionKeptIsTheOneThatIsWritten(Class<? extends SpecificRecord> type) {
        Schema current = schema(type);
        List<Schema> kept = KnownSchemas.history(current.getName());

        assertThat(kept)
                .as(current.getName() + "-1.avsc, and so on, in src/main/resources/…/history")
                .isNotEmpty();
        assertThat(SchemaNormalization.toParsingForm(kept.get(kept.size() - 1)))
                .as(
                        "%s has changed: keep the new version as history/%s-%d.avsc, with this content:%n%s",
                        current.getName(),
                        current.getName(),
                        kept.size() + 1,
                        org.apache.avro.SchemaFormatter.format("json/pretty", current))
                .isEqualTo(SchemaNormalization.toParsingForm(current));
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsWhatEveryVersionWrote(Class<? extends SpecificRecord> type) throws IOException {
        for (Schema version : KnownSchemas.versions(schema(type))) {
            requireReadable(version, schema(type));
            Random random = new Random(7);
            for (int i = 0; i < RECORDS; i++) {
                GenericRecord written = (GenericRecord) value(version, random);
                byte[] bytes = new byte[0];
                ByteBuffer encoded =
                        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), version).encode(written);
                bytes = new byte[encoded.remaining()];
                encoded.get(bytes);

                SpecificRecord read = AvroSerde.of(type).read(bytes);

                assertThat(body(read, schema(type)))
                        .isEqualTo(body(resolved(written, version, schema(type)), schema(type)));
            }
        }
    }

    @Test
    void aFieldWithoutADefaultIsFound() {
        Schema current = Document.getClassSchema();
        List<Schema.Field> fields = new ArrayList<>();
        current.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        fields.add(new Schema.Field(
                "licence", Schema.create(Schema.Type.STRING), "what may be done with it", (Object) null));
        Schema changed =
                Schema.createRecord(current.getName(), current.getDoc(), current.getNamespace(), false, fields);

        assertThat(compatibility(changed, current)).isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
    }

    private static void requireReadable(Schema version, Schema current) {
        assertThat(compatibility(current, version))
                .as("records of an older %s must stay readable: a new field needs a default", current.getName())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getType();
    }

    /** Returns a record of one schema as Avro itself reads it with another. */
    private static GenericRecord resolved(GenericRecord written, Schema version, Schema current) throws IOException {
        return new GenericDatumReader<GenericRecord>(version, current)
                .read(null, DecoderFactory.get().binaryDecoder(body(written, version), null));
    }

    private static byte[] body(Object record, Schema schema) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        if (record instanceof SpecificRecord specific) {
            new org.apache.avro.specific.SpecificDatumWriter<>(schema).write(specific, encoder);
        } else {
            new GenericDatumWriter<>(schema).write(record, encoder);
        }
        encoder.flush();
        return out.toByteArray();
    }

    private static Object value(Schema schema, Random random) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema(), random)));
                yield record;
            }
            case ENUM ->
                new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(random.nextInt(schema.getEnumSymbols().size())));
            case ARRAY ->
                Stream.generate(() -> value(schema.getElementType(), random))
                        .limit(random.nextInt(4))
                        .toList();
            case MAP -> {
                // At most one entry: the order of several is undefined.
                Map<String, Object> map = new HashMap<>();
                if (random.nextBoolean()) {
                    map.put("key", value(schema.getValueType(), random));
                }
                yield map;
            }
            case UNION ->
                value(schema.getTypes().get(random.nextInt(schema.getTypes().size())), random);
            case STRING -> "text " + random.nextInt();
            case BYTES -> ByteBuffer.wrap(new byte[] {1, (byte) random.nextInt(), 3});
            case INT -> random.nextInt();
            case LONG -> (long) random.nextInt();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case NULL -> null;
            case FIXED -> throw new AssertionError("no schema has a fixed");
        };
    }
}
