package org.bandpass.eval;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
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
    private final RunModels models;
    private final EvaluationWriter.Producers producers;
    private final EvalOutput output;

    Evaluator(EvalSettings settings, RunModels models, EvaluationWriter.Producers producers, EvalOutput output) {
        this.settings = settings;
        this.models = models;
        this.producers = producers;
        this.output = output;
    }

    /**
     * Evaluates the runs that finish.
     *
     * @param untilCaughtUp whether to end with those that are there now
     * @throws ProgramFailure if the cluster cannot be used, or not all runs could be reached
     */
    void follow(Stop stop, boolean untilCaughtUp) {
        String topic = settings.topics().trainingRuns().name();
        guarded(() -> {
            CatchUp until = prepare(untilCaughtUp ? topic : null);
            try (EvaluateRun evaluation = new EvaluateRun(settings, models);
                    FollowRuns following = new FollowRuns(
                            Clients.follower(
                                    member(),
                                    settings.topics(),
                                    settings.topics().group(RunScore.PROGRAM)),
                            topic,
                            evaluation,
                            writer(),
                            output)) {
                following.follow(stop, until);
            }
        });
    }

    /**
     * Evaluates one finished run, known or not.
     *
     * @param folder where its model is, or null for where the run says
     * @throws ProgramFailure if there is no such run, or it cannot be evaluated
     */
    void once(String runId, @Nullable Path folder, Stop stop) {
        guarded(() -> {
            prepare(null);
            try (EvaluateRun evaluation = new EvaluateRun(settings, models)) {
                RunScore score = evaluation.anew(finished(runId), folder, stop::requested);
                writer().write(score, null);
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
        Map<String, TrainingRun> runs =
                CompactedTopic.read(settings.reader(), settings.topics(), topic, TrainingRun.class);
        TrainingRun run = runs.get(runId);
        if (run == null) {
            throw new ProgramFailure("there is no run " + runId + " in " + topic.name()
                    + (runs.isEmpty()
                            ? "; it holds none"
                            : "; there are " + String.join(", ", new TreeSet<>(runs.keySet()))));
        }
        if (run.getState() != RunState.FINISHED) {
            throw new ProgramFailure("run " + runId + " is not finished but " + run.getState() + "; only a finished run"
                    + " has a model to evaluate");
        }
        return run;
    }

    /** Makes the topics; returns the ends of one of them where it is given. */
    private @Nullable CatchUp prepare(@Nullable String caughtUpTopic) {
        Topics topics = settings.topics();
        List<TopicSpec> needed = List.of(
                topics.documents(), topics.trainingRuns(), topics.evaluations(), topics.deadLetters(RunScore.PROGRAM));
        try (Admin admin = Admin.create(settings.kafka())) {
            new TopicAdmin(admin, settings.replication()).ensure(needed);
            return caughtUpTopic == null ? null : CatchUp.of(admin, caughtUpTopic, 1);
        } catch (IllegalStateException e) {
            if (hasTimeout(e)) {
                throw ProgramFailure.noBroker(servers(), e);
            }
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    private EvaluationWriter writer() {
        return new EvaluationWriter(settings.topics(), producers);
    }

    private Map<String, Object> member() {
        Map<String, Object> member = new LinkedHashMap<>(settings.kafka());
        member.putIfAbsent(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        return member;
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (TimeoutException e) {
            throw ProgramFailure.noBroker(servers(), e);
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot use the cluster at " + servers() + ": " + e.getMessage(), e);
        }
    }

    private String servers() {
        return String.valueOf(settings.kafka().get("bootstrap.servers"));
    }

    private static boolean hasTimeout(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }
}
