package org.bandpass.scorer;

import org.apache.kafka.common.KafkaException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.OutageException;
import org.bandpass.service.ProgramFailure;

/** Says in a sentence why the cluster cannot be used. */
final class ClusterErrors {

    private ClusterErrors() {}

    /**
     * Runs something that needs the cluster.
     *
     * @throws ProgramFailure in place of Kafka's errors
     */
    static void guard(String servers, Runnable work) {
        try {
            work.run();
        } catch (OutageException e) {
            throw new ProgramFailure("no scores can be made with the cluster at " + servers + ": " + e.getMessage(), e);
        } catch (KafkaException | IllegalStateException e) {
            if (ClientFailure.of(e) == ClientFailure.AWAY) {
                throw ProgramFailure.noBroker(servers, e);
            }
            String words = ClientFailure.words(e);
            throw new ProgramFailure(
                    e instanceof KafkaException ? "cannot use the cluster at " + servers + ": " + words : words, e);
        }
    }
}
