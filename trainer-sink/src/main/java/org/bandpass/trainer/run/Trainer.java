package org.bandpass.trainer.run;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.TrainerCluster;

/** Trains one run: begins or continues it, and says how it stands. */
public final class Trainer {

    private final TrainerSettings settings;
    private final TrainerMeters meters;
    private final TrainOutput output;
    private final Stop stop;

    public Trainer(TrainerSettings settings, TrainerMeters meters, TrainOutput output, Stop stop) {
        this.settings = settings;
        this.meters = meters;
        this.output = output;
        this.stop = stop;
    }

    /**
     * Trains a run to its end.
     *
     * @param model what is trained; its vocabulary is the tokenizer's
     * @param tokenizer the one of the request, which stays the caller's
     * @throws ProgramFailure if the run cannot be trained or was stopped before its end
     */
    public void train(RunRequest request, TrainedModel model, TextTokenizer tokenizer) {
        try (RunFolder folder = RunFolder.open(request.out(), request.resume());
                TrainerCluster cluster = TrainerCluster.open(settings.settings(), request.waitForTopics(), stop);
                Consumer<byte[], byte[]> reader = Clients.follower(
                        settings.reader(), settings.topics(), RunWriter.name(settings.topics(), request.run()));
                RunWriter writer = new RunWriter(settings, request.run(), reader.groupMetadata())) {
            PreparedRun run =
                    new PrepareRun(settings, request, model, tokenizer, folder, cluster, reader, stop).prepare(writer);
            new TrainRun(run, tokenizer, settings, folder, writer, meters, output).train(reader, stop);
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
