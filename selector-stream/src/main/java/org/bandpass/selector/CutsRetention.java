package org.bandpass.selector;

import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.service.ProgramFailure;

/** Deletes versions of the cuts that nothing refers to. */
final class CutsRetention {

    private final SelectorSettings settings;
    private final Cluster cluster;

    CutsRetention(SelectorSettings settings, Cluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    /**
     * Deletes the unused versions and returns them.
     *
     * @param keep latest versions of each model that stay
     * @param dryRun whether to delete nothing
     */
    List<CutsVersion> prune(int keep, boolean dryRun) {
        List<CutsVersion> unused = new UnusedCuts(settings, cluster).list(keep);
        if (!dryRun && !unused.isEmpty()) {
            delete(unused);
        }
        return unused;
    }

    private void delete(List<CutsVersion> versions) {
        try (Producer<byte[], byte[]> producer = Clients.transactional(
                settings.client(), settings.topics(), settings.topics().group("cuts-prune"))) {
            producer.initTransactions();
            for (CutsVersion version : versions) {
                producer.beginTransaction();
                for (Cuts cuts : version.strata().values()) {
                    producer.send(new ProducerRecord<>(
                            settings.topics().cuts().name(), HeaderNames.bytes(CutsArchive.key(cuts)), null));
                }
                Clients.commit(producer);
            }
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot delete versions of the cuts: " + PassingFailure.root(e), e);
        }
    }
}
