package org.bandpass.eval;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.Outage;
import org.bandpass.schemas.OutageException;
import org.bandpass.schemas.RunStanding;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/** Wires the program to a cluster: topics, clients, and which runs are evaluated. */
final class Evaluator {

    private final EvalSettings settings;
    private final boolean waitForTopics;
    private final RunModel.Opener models;
    private final EvaluationWriter writer;
    private final EvalOutput output;

    /**
     * Uses nothing yet.
     *
     * @param waitForTopics whether to wait until the topics that are read exist
     */
    Evaluator(
            EvalSettings settings,
            boolean waitForTopics,
            RunModel.Opener models,
            EvaluationWriter.Producers producers,
            EvalOutput output) {
        this.settings = settings;
        this.models = models;
        this.waitForTopics = waitForTopics;
        this.writer = new EvaluationWriter(settings.topics(), producers);
        this.output = output;
    }

    /**
     * Evaluates the runs that finish.
     *
     * @param untilCaughtUp whether to end with those that are there now
     * @throws ProgramFailure if the cluster cannot be used, or not all runs could be reached
     */
    void follow(Stop stop, boolean untilCaughtUp) {
        guarded(() -> {
            CatchUp now = prepare(stop);
            if (now == null) {
                return;
            }
            if (now.reached(Map.of())) {
                String topic = settings.topics().trainingRuns().name();
                System.err.println("topic " + topic + " is empty: "
                        + (untilCaughtUp ? "nothing to do" : "waiting for the first run"));
            }
            if (!untilCaughtUp) {
                outlive(stop, null, new Outage(null, stop::requested));
            } else if (!now.reached(Map.of())) {
                outlive(stop, now, new Outage(settings.outagePatience(), stop::requested));
            }
        });
    }

    /** Follows the runs, with new clients after an outage that the clients do not survive. */
    private void outlive(Stop stop, @Nullable CatchUp until, Outage outage) {
        String topic = settings.topics().trainingRuns().name();
        while (!stop.requested()) {
            try (EvaluateRun evaluation = new EvaluateRun(settings, models);
                    FollowRuns following = new FollowRuns(
                            Clients.follower(
                                    member(),
                                    settings.topics(),
                                    settings.topics().group(RunScore.PROGRAM)),
                            topic,
                            settings.passable(),
                            evaluation,
                            writer,
                            output)) {
                following.follow(stop, until, outage);
                return;
            } catch (OutageException e) {
                throw e;
            } catch (KafkaException e) {
                outage.outlive(e);
            }
        }
        if (until != null) {
            throw new ProgramFailure("stopped before all runs were evaluated; the next 'bandpass eval' continues");
        }
    }

    /**
     * Evaluates one finished run, known or not.
     *
     * @param folder where its model is, or null for where the run says
     * @throws ProgramFailure if there is no such run, or it cannot be evaluated
     */
    void once(String runId, @Nullable Path folder, Stop stop) {
        guarded(() -> {
            if (prepare(stop) == null) {
                throw new ProgramFailure("stopped before run " + runId + " was evaluated");
            }
            try (EvaluateRun evaluation = new EvaluateRun(settings, models)) {
                RunScore score = evaluation.anew(finished(runId), folder, stop::requested);
                writer.write(score, null);
                output.add(score);
            } catch (RefusedRunException e) {
                throw new ProgramFailure(String.valueOf(e.getMessage()), e);
            } catch (CancellationException e) {
                throw new ProgramFailure("stopped before run " + runId + " was evaluated", e);
            }
        });
    }

    private TrainingRun finished(String runId) {
        TopicSpec topic = settings.topics().trainingRuns();
        Map<String, TrainingRun> runs = runs(topic, runId);
        TrainingRun run = runs.get(runId);
        if (run == null) {
            throw new ProgramFailure("there is no run " + runId + " in " + topic.name()
                    + (runs.isEmpty()
                            ? "; it holds none"
                            : "; there are " + String.join(", ", new TreeSet<>(runs.keySet()))));
        }
        if (run.getState() != RunState.FINISHED) {
            throw new ProgramFailure("run " + runId + " is not finished ("
                    + RunStanding.of(run, Instant.now()).words() + "); only a finished run has a model to evaluate");
        }
        return run;
    }

    /** Records of other runs need not be readable. */
    private Map<String, TrainingRun> runs(TopicSpec topic, String runId) {
        try (Admin admin = Admin.create(settings.reader());
                Consumer<byte[], byte[]> reader = Clients.reader(settings.reader(), settings.topics())) {
            return CompactedTopic.read(admin, reader, topic.name(), TrainingRun.class, unreadable -> {
                if (unreadable.key().equals(runId)) {
                    throw new ProgramFailure(
                            unreadable.sentence() + "; use the version of Bandpass that wrote it", unreadable.why());
                }
            });
        }
    }

    /**
     * Requires the topics that are read and makes those that are written.
     *
     * @return what training-runs holds now, or null where it was stopped before the topics were there
     */
    private @Nullable CatchUp prepare(Stop stop) {
        Topics topics = settings.topics();
        try (Admin admin = Admin.create(settings.kafka())) {
            TopicAdmin topicAdmin = new TopicAdmin(admin, settings.replication());
            for (TopicSpec read : List.of(topics.trainingRuns(), topics.documents())) {
                if (!topicAdmin.require(read.name(), topics.prefix(), waitForTopics, stop::requested)) {
                    return null;
                }
            }
            topicAdmin.ensure(List.of(
                    topics.documents(),
                    topics.trainingRuns(),
                    topics.evaluations(),
                    topics.deadLetters(RunScore.PROGRAM)));
            return CatchUp.of(admin, topics.trainingRuns().name(), 1);
        } catch (IllegalStateException e) {
            if (ClientFailure.cause(e, TimeoutException.class) != null) {
                throw ProgramFailure.noBroker(servers(), e);
            }
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    private Map<String, Object> member() {
        Map<String, Object> member = new LinkedHashMap<>(settings.kafka());
        member.putIfAbsent(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        return member;
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (OutageException e) {
            throw new ProgramFailure(e.getMessage(), e);
        } catch (TimeoutException e) {
            throw ProgramFailure.noBroker(servers(), e);
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot use the cluster at " + servers() + ": " + ClientFailure.words(e), e);
        }
    }

    private String servers() {
        return String.valueOf(settings.kafka().get("bootstrap.servers"));
    }
}
