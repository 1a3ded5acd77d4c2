package org.bandpass.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.NullMarked;

/**
 * Plain Kafka clients with what every program relies on: single objects in and out whatever the {@link WireFormat}, read
 * committed, limits that fit the topics, zstd, no offsets committed behind the program's back. What the user sets wins.
 */
@NullMarked
public final class Clients {

    private Clients() {}

    /** Returns a consumer without a group, for assigning partitions and reading what is there. */
    public static Consumer<byte[], byte[]> reader(Map<String, Object> client, Topics topics) {
        return new KafkaConsumer<>(
                consumerConfig(client, topics),
                new ByteArrayDeserializer(),
                WireFormat.of(client).deserializer());
    }

    /** Returns a consumer that is a member of a group (or commits for it); it never resets offsets by itself. */
    public static Consumer<byte[], byte[]> follower(Map<String, Object> client, Topics topics, String group) {
        Map<String, Object> config = consumerConfig(client, topics);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), WireFormat.of(client).deserializer());
    }

    public static Producer<byte[], byte[]> producer(Map<String, Object> client, Topics topics) {
        return new KafkaProducer<>(
                producerConfig(client, topics),
                new ByteArraySerializer(),
                WireFormat.of(client).serializer());
    }

    /** Returns a producer of transactions; the caller calls {@code initTransactions}. */
    public static Producer<byte[], byte[]> transactional(
            Map<String, Object> client, Topics topics, String transactionalId) {
        Map<String, Object> config = producerConfig(client, topics);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return new KafkaProducer<>(
                config, new ByteArraySerializer(), WireFormat.of(client).serializer());
    }

    /**
     * Commits the open transaction with everything that was sent in it.
     *
     * @throws KafkaException if it is not committed
     */
    public static void commit(Producer<?, ?> producer) {
        // Kafka's client (4.3.1, Sender.maybeSendAndPollTransactionalRequest) looks for records that are not written
        // before it looks for a commit; what is sent between the two looks is left out of the transaction, and comes
        // with the next one or, where nothing else was sent, ends in InvalidTxnStateException. With nothing left to
        // write the order of the looks does not matter.
        producer.flush();
        producer.commitTransaction();
    }

    /** Returns the producer's settings: defaults of Bandpass under the user's. */
    public static Map<String, Object> producerConfig(Map<String, Object> client, Topics topics) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, topics.maxScoredBytes());
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        config.putAll(client);
        return config;
    }

    /** Returns the consumer's settings: defaults of Bandpass under the user's. */
    public static Map<String, Object> consumerConfig(Map<String, Object> client, Topics topics) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, topics.maxScoredBytes());
        config.putAll(client);
        return config;
    }
}
