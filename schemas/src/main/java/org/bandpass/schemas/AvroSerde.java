package org.bandpass.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.NullMarked;

/**
 * Writes and reads one record type in Avro's single-object encoding: two marker bytes, the 8-byte CRC-64-AVRO
 * fingerprint of the writer's schema, the binary body. Records written with older versions of the schema are readable,
 * without a registry. Thread-safe.
 *
 * @param <T> a record generated from {@code src/main/avro}
 */
@NullMarked
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {

    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;

    private AvroSerde(SpecificData model, Schema schema) {
        this.encoder = new BinaryMessageEncoder<>(model, schema, true);
        this.decoder = new BinaryMessageDecoder<>(model, schema, KnownSchemas::find);
    }

    public static <T extends SpecificRecord> AvroSerde<T> of(Class<T> type) {
        SpecificData model = SpecificData.getForClass(type);
        return new AvroSerde<>(model, model.getSchema(type));
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, value) -> value == null ? null : write(value);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(bytes);
    }

    public byte[] write(T value) {
        try {
            ByteBuffer encoded = encoder.encode(value);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException | AvroRuntimeException e) {
            throw new SerializationException(
                    "cannot write a " + value.getSchema().getName() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Returns the record in the bytes.
     *
     * @throws UnknownSchemaException if they are a record with an unknown schema
     * @throws SerializationException if they are no record of this type
     */
    public T read(byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (MissingSchemaException e) {
            throw new UnknownSchemaException("fingerprint " + Long.toHexString(WireFormat.fingerprint(bytes)));
        } catch (IOException | AvroRuntimeException | ClassCastException e) {
            boolean confluent = WireFormat.isConfluent(bytes);
            if (confluent && KnownSchemas.UNKNOWN_IDS.contains(WireFormat.confluentId(bytes))) {
                throw new UnknownSchemaException("id " + WireFormat.confluentId(bytes) + " of the schema registry");
            }
            String problem = confluent
                    ? "they may be in the Confluent format, with schema " + WireFormat.confluentId(bytes) + "; see "
                            + WireFormat.REGISTRY_URL
                    : e.getMessage();
            throw new SerializationException(
                    "these " + bytes.length + " bytes are no record of this type: " + problem, e);
        }
    }
}
