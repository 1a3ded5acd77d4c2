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
 * Plain Kafka clients as all programs need them: single objects in and out, whatever the {@link WireFormat}; read
 * committed; limits that fit the topics; zstd; no automatic commits of offsets. The user's settings win.
 */
@NullMarked
public final class Clients {

    private Clients() {}

    /** Returns a consumer without a group, for reading assigned partitions. */
    public static Consumer<byte[], byte[]> reader(Map<String, Object> client, Topics topics) {
        return consumer(consumerConfig(client, topics));
    }

    /** Returns a consumer that is a member of a group (or commits for it); it never resets offsets by itself. */
    public static Consumer<byte[], byte[]> follower(Map<String, Object> client, Topics topics, String group) {
        Map<String, Object> config = consumerConfig(client, topics);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        return consumer(config);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(config, bytes, WireFormat.of(config).deserializer(bytes));
    }

    public static Producer<byte[], byte[]> producer(Map<String, Object> client, Topics topics) {
        return producer(producerConfig(client, topics));
    }

    /** Returns a producer of transactions; the caller calls {@code initTransactions}. */
    public static Producer<byte[], byte[]> transactional(
            Map<String, Object> client, Topics topics, String transactionalId) {
        Map<String, Object> config = producerConfig(client, topics);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return producer(config);
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> config) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        return new KafkaProducer<>(config, bytes, WireFormat.of(config).serializer(bytes));
    }

    /**
     * Commits the open transaction with all records sent in it.
     *
     * @throws KafkaException if it is not committed
     */
    public static void commit(Producer<?, ?> producer) {
        // Kafka's client (4.3.1, Sender.maybeSendAndPollTransactionalRequest) checks for unsent records, then for a
        // commit. A record sent between the two checks misses the transaction: it goes into the next one or, if it is
        // the only record, fails with InvalidTxnStateException. After a flush there is no unsent record.
        producer.flush();
        producer.commitTransaction();
    }

    /** Returns the settings of producers: Bandpass's defaults, overridden by the user's. */
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

    /** Returns the settings of consumers: Bandpass's defaults, overridden by the user's. */
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
