package org.bandpass.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.message.BadHeaderException;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one record type in Avro's single-object encoding: two marker bytes, the 8-byte CRC-64-AVRO
 * fingerprint of the writer's schema, the binary body. No registry is needed to read it, and what was written with an
 * older version of the schema is read as well.
 *
 * @param <T> a record generated from {@code src/main/avro}
 */
@NullMarked
public final class AvroSerde<T extends SpecificRecord> implements Serde<T>, Serializer<T>, Deserializer<T> {

    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;

    private AvroSerde(SpecificData model, Schema schema) {
        this.encoder = new BinaryMessageEncoder<>(model, schema, true);
        this.decoder = new BinaryMessageDecoder<>(model, schema, KnownSchemas.STORE);
    }

    public static <T extends SpecificRecord> AvroSerde<T> of(Class<T> type) {
        SpecificData model = SpecificData.getForClass(type);
        return new AvroSerde<>(model, model.getSchema(type));
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
     * Returns the record in some bytes.
     *
     * @throws UnknownSchemaException if they are a record whose schema is not known here
     * @throws SerializationException if they are no record of this type
     */
    public T read(byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (MissingSchemaException e) {
            throw new UnknownSchemaException("fingerprint " + Long.toHexString(WireFormat.fingerprint(bytes)));
        } catch (BadHeaderException e) {
            if (WireFormat.isConfluent(bytes) && KnownSchemas.isUnknownId(WireFormat.confluentId(bytes))) {
                throw new UnknownSchemaException("id " + WireFormat.confluentId(bytes) + " of the schema registry");
            }
            throw refusal(bytes, e);
        } catch (IOException | AvroRuntimeException | ClassCastException e) {
            throw refusal(bytes, e);
        }
    }

    private static SerializationException refusal(byte[] bytes, Exception e) {
        return new SerializationException(
                "these " + bytes.length + " bytes are no record of this type: " + problem(bytes, e), e);
    }

    private static String problem(byte[] bytes, Exception e) {
        return bytes.length > Integer.BYTES && bytes[0] == 0
                ? "they may be in the Confluent format, with schema "
                        + ByteBuffer.wrap(bytes).getInt(1) + "; see " + WireFormat.REGISTRY_URL
                : String.valueOf(e.getMessage());
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        return value == null ? null : write(value);
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        return bytes == null ? null : read(bytes);
    }

    @Override
    public Serializer<T> serializer() {
        return this;
    }

    @Override
    public Deserializer<T> deserializer() {
        return this;
    }

    @Override
    public void configure(java.util.Map<String, ?> configs, boolean isKey) {}

    @Override
    public void close() {}
}
