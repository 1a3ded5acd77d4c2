package org.bandpass.scorer;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bandpass.schemas.Clients;

/** A producer some of whose commits fail, before or after the broker has decided. */
final class UnluckyProducer extends KafkaProducer<byte[], byte[]> {

    private final AtomicInteger commits;
    private final IntPredicate unlucky;
    private final Supplier<RuntimeException> error;
    private final boolean afterwards;

    private UnluckyProducer(
            Map<String, Object> config,
            AtomicInteger commits,
            IntPredicate unlucky,
            Supplier<RuntimeException> error,
            boolean afterwards) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.commits = commits;
        this.unlucky = unlucky;
        this.error = error;
        this.afterwards = afterwards;
    }

    /** Fails commits by number, from 1, before the broker has them. */
    static ScoredDocumentWriter.Producers failing(
            ScorerCluster cluster, AtomicInteger commits, IntPredicate unlucky, Supplier<RuntimeException> error) {
        return id -> new UnluckyProducer(config(cluster, id), commits, unlucky, error, false);
    }

    /** Fails commits by number after the broker has made them. */
    static ScoredDocumentWriter.Producers afterwards(
            ScorerCluster cluster, AtomicInteger commits, IntPredicate unlucky, Supplier<RuntimeException> error) {
        return id -> new UnluckyProducer(config(cluster, id), commits, unlucky, error, true);
    }

    /** Waits before a commit until the broker has ended the transaction. */
    static ScoredDocumentWriter.Producers stalling(ScorerCluster cluster, AtomicInteger commits, int stalled) {
        return id -> {
            Map<String, Object> config = config(cluster, id);
            config.put("transaction.timeout.ms", 500);
            return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public void commitTransaction() {
                    if (commits.incrementAndGet() == stalled) {
                        flush();
                        ScorerCluster.await("the end of the transaction", () -> cluster.isAborted(id));
                    }
                    super.commitTransaction();
                }
            };
        };
    }

    private static Map<String, Object> config(ScorerCluster cluster, String id) {
        Map<String, Object> config = Clients.producerConfig(cluster.settings().kafka(), cluster.topics());
        config.put("transactional.id", id);
        return config;
    }

    @Override
    public void commitTransaction() {
        boolean fails = unlucky.test(commits.incrementAndGet());
        if (fails && !afterwards) {
            flush();
            throw error.get();
        }
        super.commitTransaction();
        if (fails) {
            throw error.get();
        }
    }
}
