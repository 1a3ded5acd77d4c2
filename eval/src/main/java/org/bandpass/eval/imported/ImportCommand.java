package org.bandpass.eval.imported;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationScore;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes the scores of another harness into {@code evaluations}. */
@Command(
        name = "import",
        description = {
            "Takes the scores of lm-eval's results file (results_TIME.json of version 0.4 or later) into evaluations, so"
                    + " that the report compares them.",
            "The file has no rows, so differences to the control are not paired. A second import of a task replaces the first."
        })
public final class ImportCommand implements Callable<Integer> {

    /** Profile of the records: scores that lm-eval computed. */
    public static final String PROFILE = "lm-eval";

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Parameters(paramLabel = "FILE", description = "Results file of lm-eval.")
    private Path file = Path.of("");

    @Option(
            names = "--run",
            paramLabel = "RUN",
            required = true,
            description = "Training run whose model was evaluated.")
    private String run = "";

    @Option(
            names = "--step",
            paramLabel = "N",
            description = "Training step of the evaluated checkpoint (default: the run's last).")
    private long step = -1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        LmEvalResults results = LmEvalResults.read(file);
        Settings settings = options.settings(new ConfigDef());
        Topics topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        try {
            TrainingRun evaluated = run(topics, settings);
            String id = topics.group("eval-import." + UUID.randomUUID());
            try (Producer<byte[], byte[]> producer = Clients.transactional(settings.kafka(), topics, id)) {
                producer.initTransactions();
                producer.beginTransaction();
                AvroSerde<EvaluationResult> serde = AvroSerde.of(EvaluationResult.class);
                for (LmEvalResults.Task task : results.tasks()) {
                    EvaluationResult result = record(evaluated, results.version(), task);
                    producer.send(new ProducerRecord<>(
                            topics.evaluations().name(), HeaderNames.bytes(key(result)), serde.write(result)));
                }
                Clients.commit(producer);
            }
        } catch (KafkaException | IllegalStateException e) {
            throw new ProgramFailure("cannot import " + file + ": " + ClientFailure.words(e), e);
        }
        print(results);
        return 0;
    }

    /** Returns the run, and makes sure that there is a topic of evaluations. */
    private TrainingRun run(Topics topics, Settings settings) {
        try (Admin admin = Admin.create(settings.kafka());
                Consumer<byte[], byte[]> reader = Clients.reader(settings.kafka(), topics)) {
            new TopicAdmin(admin, settings.topicReplication()).ensure(List.of(topics.evaluations()));
            Map<String, TrainingRun> runs =
                    CompactedTopic.read(admin, reader, topics.trainingRuns().name(), TrainingRun.class, record -> {
                        if (record.key().equals(run)) {
                            throw new ProgramFailure(record.sentence(), record.why());
                        }
                    });
            TrainingRun found = runs.get(run);
            if (found == null) {
                throw new ProgramFailure("there is no run " + run + " in "
                        + topics.trainingRuns().name()
                        + (runs.isEmpty()
                                ? "; it holds none"
                                : "; there are " + String.join(", ", new TreeSet<>(runs.keySet()))));
            }
            return found;
        }
    }

    private EvaluationResult record(TrainingRun evaluated, String version, LmEvalResults.Task task) {
        boolean last = step < 0 || step == evaluated.getStep();
        String revision = last ? evaluated.getModelRevision() : null;
        return EvaluationResult.newBuilder()
                .setRunId(run)
                .setModelRevision(revision == null ? "" : revision)
                .setTask(task.name())
                .setTaskVersion(task.version())
                .setFromRow(0)
                .setToRow(0)
                .setTaskRows(task.rows())
                .setProfile(PROFILE)
                .setProfileVersion(version)
                .setStep(step < 0 ? evaluated.getStep() : step)
                .setScores(task.scores())
                .setRows(List.of())
                .build();
    }

    private static String key(EvaluationResult result) {
        return result.getRunId() + "/" + result.getStep() + "/" + PROFILE + "/" + result.getTask() + "/0-0";
    }

    private void print(LmEvalResults results) {
        PrintWriter out = spec.commandLine().getOut();
        for (LmEvalResults.Task task : results.tasks()) {
            for (EvaluationScore score : task.scores()) {
                Double error = score.getStandardError();
                out.printf(
                        Locale.ROOT,
                        "%-40s  %-24s  %.4f%s%n",
                        task.name(),
                        score.getMetric(),
                        score.getValue(),
                        error == null ? "" : String.format(Locale.ROOT, " ± %.4f", error));
            }
        }
        out.flush();
        System.err.println("bandpass: imported " + results.tasks().size() + " tasks for run " + run);
    }
}
