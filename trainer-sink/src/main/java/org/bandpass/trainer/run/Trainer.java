package org.bandpass.trainer.run;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.TrainerCluster;

/** Trains runs: opens the folder and the clients of a run, prepares it, trains it. */
public record Trainer(TrainerSettings settings, TrainerMeters meters, TrainOutput output, Stop stop) {

    /**
     * Trains a run to its end.
     *
     * @param model its vocabulary is the tokenizer's
     * @param tokenizer the request's; the caller closes it
     * @throws ProgramFailure if the run cannot be trained or was stopped before its end
     */
    public void train(RunRequest request, TrainedModel model, TextTokenizer tokenizer) {
        try (RunFolder folder = RunFolder.open(request.out(), request.resume());
                TrainerCluster cluster = TrainerCluster.open(settings.settings(), request.waitForTopics(), stop);
                Consumer<byte[], byte[]> reader = Clients.follower(
                        settings.reader(), settings.topics(), RunWriter.name(settings.topics(), request.run()));
                RunWriter writer = new RunWriter(settings, request.run(), reader.groupMetadata())) {
            PreparedRun run = new PrepareRun(this, request, model, tokenizer, folder, cluster, reader).prepare(writer);
            new TrainRun(this, run, tokenizer, folder, writer).train(reader);
        } catch (KafkaException e) {
            throw new ProgramFailure(
                    "run '" + request.run() + "' could not use the cluster: " + ClientFailure.words(e)
                            + "; once it can be used, --resume continues the run",
                    e);
        } catch (OutOfMemoryError e) {
            throw new ProgramFailure(
                    "run '" + request.run() + "' ran out of memory before its first step (" + e.getMessage()
                            + "): give it more with BANDPASS_JAVA_OPTIONS=-Xmx…",
                    e);
        }
    }
}
