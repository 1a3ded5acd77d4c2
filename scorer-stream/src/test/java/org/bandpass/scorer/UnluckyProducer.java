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

    /** Commits of these numbers, from 1, are never made. */
    static ScoredDocumentWriter.Producers failing(
            ScorerCluster cluster, AtomicInteger commits, IntPredicate unlucky, Supplier<RuntimeException> error) {
        return id -> new UnluckyProducer(config(cluster, id), commits, unlucky, error, false);
    }

    /** Commits of these numbers are made, but their answer is lost. */
    static ScoredDocumentWriter.Producers afterwards(
            ScorerCluster cluster, AtomicInteger commits, IntPredicate unlucky, Supplier<RuntimeException> error) {
        return id -> new UnluckyProducer(config(cluster, id), commits, unlucky, error, true);
    }

    /** Before the commit of this number the broker ends the transaction, whose time is over. */
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
