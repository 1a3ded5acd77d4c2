package org.bandpass.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Outage;
import org.bandpass.schemas.OutageException;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Wires the program to a cluster: topics, clients, and which runs are evaluated.
 *
 * @param waitForTopics whether to wait until the topics that are read exist
 * @param gauntlet tasks of a profile that runs are scored in too; null for none
 */
record Evaluator(
        EvalSettings settings,
        boolean waitForTopics,
        @Nullable Gauntlet gauntlet,
        RunModel.Opener models,
        EvaluationWriter writer,
        EvalOutput output) {

    /**
     * Evaluates the runs that finish.
     *
     * @param untilCaughtUp whether to end after the runs that are there now
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
                if (untilCaughtUp) {
                    return;
                }
            }
            tellUnscored();
            Outage outage = new Outage(untilCaughtUp ? settings.outagePatience() : null, stop::requested);
            if (!follow(stop, untilCaughtUp ? now : null, outage) && untilCaughtUp) {
                throw new ProgramFailure("stopped before all runs were evaluated; the next 'bandpass eval' continues");
            }
        });
    }

    /** Runs that this group has passed, perhaps without the gauntlet, are not visited again. */
    private void tellUnscored() {
        if (gauntlet == null) {
            return;
        }
        try (EvaluateRun evaluation = new EvaluateRun(settings, models, gauntlet)) {
            List<String> unscored = evaluation.unscored();
            if (!unscored.isEmpty()) {
                System.err.println("finished runs without all rows of "
                        + gauntlet.profile().name() + ": "
                        + String.join(", ", unscored)
                        + "; those that eval has passed before are scored with --once RUN --gauntlet DIR");
            }
        }
    }

    /** Follows the runs, with new clients after an outage that the clients do not survive. */
    private boolean follow(Stop stop, @Nullable CatchUp until, Outage outage) {
        boolean reached = false;
        while (!reached && !stop.requested()) {
            try (EvaluateRun evaluation = new EvaluateRun(settings, models, gauntlet);
                    FollowRuns following = new FollowRuns(settings, evaluation, writer, output)) {
                reached = following.follow(stop, until, outage);
            } catch (OutageException e) {
                throw e;
            } catch (KafkaException e) {
                outage.outlive(e);
            }
        }
        return reached;
    }

    /**
     * Evaluates one finished run, whether it is known or not.
     *
     * @param folder folder of its model, or null for the one that the run names
     * @throws ProgramFailure if there is no such run, or it cannot be evaluated
     */
    void once(String runId, @Nullable Path folder, Stop stop) {
        guarded(() -> {
            if (prepare(stop) == null) {
                throw new ProgramFailure("stopped before run " + runId + " was evaluated");
            }
            try (EvaluateRun evaluation = new EvaluateRun(settings, models, gauntlet)) {
                TrainingRun run = evaluation.finished(runId);
                RunScore score = evaluation.always(run, folder, stop::requested);
                writer.write(score.part(), Map.of(), null);
                output.add(RunOutcome.of(score));
                if (evaluation.hasGauntlet()) {
                    output.add(evaluation.gauntlet(run, run.getStep(), folder, this::write, stop::requested));
                }
            } catch (RefusedRunException e) {
                throw new ProgramFailure(e.getMessage(), e);
            } catch (CancellationException e) {
                throw new ProgramFailure("stopped before run " + runId + " was evaluated", e);
            }
        });
    }

    /**
     * Scores models of a finished run in the tasks of the gauntlet only.
     *
     * @param steps steps of the models; empty for those of all checkpoints that are there, and the final one
     * @param folder folder of the model of the only step, or null for those that the run names
     * @throws ProgramFailure if there is no such run, or a model cannot be evaluated
     */
    void checkpoints(String runId, List<Long> steps, @Nullable Path folder, Stop stop) {
        guarded(() -> {
            if (prepare(stop) == null) {
                throw new ProgramFailure("stopped before run " + runId + " was evaluated");
            }
            try (EvaluateRun evaluation = new EvaluateRun(settings, models, gauntlet)) {
                TrainingRun run = evaluation.finished(runId);
                Set<Long> chosen = new TreeSet<>(steps);
                if (steps.isEmpty()) {
                    chosen.addAll(RunFolders.steps(run));
                    chosen.add(run.getStep());
                }
                List<String> refused = new ArrayList<>();
                for (long step : chosen) {
                    try {
                        output.add(evaluation.gauntlet(run, step, folder, this::write, stop::requested));
                    } catch (RefusedRunException e) {
                        refused.add("step " + step + ": " + e.getMessage());
                    }
                }
                if (!refused.isEmpty()) {
                    throw new ProgramFailure(String.join("; ", refused));
                }
            } catch (RefusedRunException e) {
                throw new ProgramFailure(e.getMessage(), e);
            } catch (CancellationException e) {
                throw new ProgramFailure("stopped before run " + runId + " was evaluated; the next time continues", e);
            }
        });
    }

    private void write(EvaluationPart part) {
        writer.write(part, Map.of(), null);
    }

    /** Requires the topics that are read, creates the others. Returns null if stopped, else the end of training-runs. */
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
