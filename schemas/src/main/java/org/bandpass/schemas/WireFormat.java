package org.bandpass.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Encoding of the values in topics. Programs always work with Avro's single-object encoding. If a client's settings
 * have {@code schema.registry.url}, it writes and reads the Confluent format:
 *
 * <pre>
 *   single object    C3 01 | fingerprint of the schema, 8 bytes, little-endian | body
 *   Confluent        00    | id in the registry, 4 bytes, big-endian           | body
 * </pre>
 *
 * <p>It also reads single objects, which were written to the topic before the setting was made. Thread-safe.
 */
@NullMarked
public final class WireFormat {

    /** Setting of clients, as in Confluent's own serialisers. */
    public static final String REGISTRY_URL = "schema.registry.url";

    private static final int SINGLE_OBJECT_HEADER = 10;
    private static final int CONFLUENT_HEADER = 5;
    private static final byte[] SINGLE_OBJECT = {(byte) 0xC3, 0x01};

    private final @Nullable SchemaRegistry registry;

    private WireFormat(@Nullable SchemaRegistry registry) {
        this.registry = registry;
    }

    /** Returns the format for a client's settings. */
    public static WireFormat of(Map<String, ?> client) {
        Object url = client.get(REGISTRY_URL);
        if (url == null || url.toString().isEmpty()) {
            return new WireFormat(null);
        }
        Object credentials = client.get(SchemaRegistry.CREDENTIALS);
        return new WireFormat(new SchemaRegistry(url.toString(), credentials == null ? null : credentials.toString()));
    }

    /** Returns a serialiser that puts the single objects of another into this format. */
    public <T> Serializer<T> serializer(Serializer<T> records) {
        return (topic, value) -> {
            byte[] bytes = records.serialize(topic, value);
            return bytes == null ? null : write(topic, bytes);
        };
    }

    /** Returns a deserialiser that hands single objects to another. */
    public <T> Deserializer<T> deserializer(Deserializer<T> records) {
        return (topic, bytes) -> records.deserialize(topic, bytes == null ? null : read(bytes));
    }

    /** Returns a single object in this format; other bytes are returned unchanged. */
    public byte[] write(String topic, byte[] singleObject) {
        if (registry == null || !isSingleObject(singleObject)) {
            return singleObject;
        }
        long fingerprint = fingerprint(singleObject);
        Schema schema = KnownSchemas.find(fingerprint);
        if (schema == null) {
            throw new SerializationException(
                    "a record for " + topic + " has an unknown schema: " + Long.toHexString(fingerprint));
        }
        int body = singleObject.length - SINGLE_OBJECT_HEADER;
        return ByteBuffer.allocate(CONFLUENT_HEADER + body)
                .put((byte) 0)
                .putInt(registry.idOf(topic, fingerprint, schema))
                .put(singleObject, SINGLE_OBJECT_HEADER, body)
                .array();
    }

    /** Returns a value of a topic as a single object; bytes in neither format are returned unchanged. */
    public byte[] read(byte[] bytes) {
        if (registry == null || !isConfluent(bytes)) {
            return bytes;
        }
        Long fingerprint = registry.fingerprint(confluentId(bytes));
        if (fingerprint == null) {
            return bytes;
        }
        int body = bytes.length - CONFLUENT_HEADER;
        return ByteBuffer.allocate(SINGLE_OBJECT_HEADER + body)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SINGLE_OBJECT)
                .putLong(fingerprint)
                .put(bytes, CONFLUENT_HEADER, body)
                .array();
    }

    /** Returns whether bytes may be a value in the Confluent format. */
    static boolean isConfluent(byte[] bytes) {
        return bytes.length >= CONFLUENT_HEADER && bytes[0] == 0;
    }

    /** Returns the schema's id of a value in the Confluent format. */
    static int confluentId(byte[] confluent) {
        return ByteBuffer.wrap(confluent, 1, Integer.BYTES).getInt();
    }

    /** Returns the schema's fingerprint of a single object. */
    static long fingerprint(byte[] singleObject) {
        return ByteBuffer.wrap(singleObject, SINGLE_OBJECT.length, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    private static boolean isSingleObject(byte[] bytes) {
        return bytes.length >= SINGLE_OBJECT_HEADER && bytes[0] == SINGLE_OBJECT[0] && bytes[1] == SINGLE_OBJECT[1];
    }
}
