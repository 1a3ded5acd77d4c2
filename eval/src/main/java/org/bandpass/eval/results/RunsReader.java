package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.results.GauntletRecords.Suite;
import org.bandpass.eval.results.RunComparison.UnknownProfile;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/** Reads runs and their evaluations from the topics, to compare them with a control. */
public final class RunsReader implements AutoCloseable {

    private final TopicContents contents;

    /** Connects; of a topic with more than {@code mostRecords} documents a sample of about this size is read. */
    public RunsReader(Settings settings, long mostRecords) {
        this.contents = new TopicContents(settings, mostRecords);
    }

    /**
     * What to compare.
     *
     * @param runs ids, at least one
     * @param control id of the run to compare with; null for the run with that role
     * @param profile the only profile to show; null for all that are part of the program
     */
    public record Selection(
            List<String> runs,
            @Nullable String control,
            @Nullable Profile profile) {}

    /**
     * Reads a comparison.
     *
     * @throws ProgramFailure if there is no such run; it lists those that there are
     */
    public RunComparison read(Selection selection) {
        Map<String, TrainingRun> trainings = trainings();
        Collection<EvaluationResult> evaluations = contents.readable(
                        contents.topics().evaluations(), EvaluationResult.class)
                .values();
        requireKnown(selection, trainings, evaluations);
        String control = selection.control() == null ? control(selection.runs(), trainings) : selection.control();
        Set<String> ids = new LinkedHashSet<>();
        if (control != null) {
            ids.add(control);
        }
        ids.addAll(selection.runs());
        EvaluationSummary summary = EvaluationSummary.of(evaluations);
        List<ComparedRun> runs = new ArrayList<>();
        for (String id : ids) {
            TrainingRun training = trainings.get(id);
            Composition composition = training == null ? null : Composition.of(training, contents);
            runs.add(ComparedRun.of(id, training, summary, control, composition));
        }
        List<UnknownProfile> unknown = new ArrayList<>();
        List<ProfileScores> profiles = new ArrayList<>();
        GauntletRecords.of(evaluations).forEach((suite, records) -> {
            Profile profile = profile(suite, selection.profile());
            ids.stream()
                    .filter(id -> profile == null && mayShow(suite, selection.profile()))
                    .filter(records.runs()::containsKey)
                    .forEach(id -> unknown.add(new UnknownProfile(id, suite.profile(), suite.version())));
            if (profile != null && ids.stream().anyMatch(records.runs()::containsKey)) {
                profiles.add(new SuiteScores(profile, records, runs, control).scores(suite.limit()));
            }
        });
        return new RunComparison(
                runs, control, profiles, unknown, imported(ids, control, evaluations), PublishedScores.load());
    }

    private static Map<String, List<ImportedScore>> imported(
            Set<String> ids, @Nullable String control, Collection<EvaluationResult> evaluations) {
        List<ImportedScore> base = control == null ? List.of() : ImportedScore.of(control, List.of(), evaluations);
        Map<String, List<ImportedScore>> imported = new LinkedHashMap<>();
        for (String id : ids) {
            imported.put(id, id.equals(control) ? base : ImportedScore.of(id, base, evaluations));
        }
        return imported;
    }

    private static boolean mayShow(Suite suite, @Nullable Profile wanted) {
        return wanted == null || wanted.name().equals(suite.profile());
    }

    private Map<String, TrainingRun> trainings() {
        Map<String, TrainingRun> trainings = new LinkedHashMap<>();
        contents.readable(contents.topics().trainingRuns(), TrainingRun.class)
                .values()
                .forEach(run -> trainings.put(run.getRunId(), run));
        return trainings;
    }

    private void requireKnown(
            Selection selection, Map<String, TrainingRun> trainings, Collection<EvaluationResult> evaluations) {
        Set<String> known = new TreeSet<>(trainings.keySet());
        evaluations.forEach(result -> known.add(result.getRunId()));
        List<String> wanted = new ArrayList<>(selection.runs());
        if (selection.control() != null) {
            wanted.add(selection.control());
        }
        for (String id : wanted) {
            if (!known.contains(id)) {
                throw new ProgramFailure("there is no run '" + id + "' in topics "
                        + contents.topics().trainingRuns().name() + " and "
                        + contents.topics().evaluations().name()
                        + (known.isEmpty()
                                ? ", which hold none; 'bandpass train' makes one"
                                : "; they hold " + String.join(", ", known)));
            }
        }
    }

    /**
     * Returns the control: the first of the named runs with that role, else the one that has the seed of the first named
     * run and was finished last, else any that was; null where there is none.
     */
    private static @Nullable String control(List<String> named, Map<String, TrainingRun> trainings) {
        for (String id : named) {
            TrainingRun run = trainings.get(id);
            if (run != null && run.getRole() == RunRole.CONTROL) {
                return id;
            }
        }
        TrainingRun first = trainings.get(named.get(0));
        return trainings.values().stream()
                .filter(run -> run.getRole() == RunRole.CONTROL)
                .max(Comparator.comparing((TrainingRun run) -> run.getState() == RunState.FINISHED)
                        .thenComparing(run -> first != null && run.getSeed() == first.getSeed())
                        .thenComparing(TrainingRun::getUpdatedAt))
                .map(TrainingRun::getRunId)
                .orElse(null);
    }

    /** Returns the profile of records, or null where it, or this version, is not known or not wanted. */
    private static @Nullable Profile profile(Suite suite, @Nullable Profile wanted) {
        if (wanted == null && !Profile.names().contains(suite.profile())) {
            return null;
        }
        Profile profile = wanted == null ? Profile.named(suite.profile()) : wanted;
        boolean same =
                profile.name().equals(suite.profile()) && profile.version().equals(suite.version());
        return same ? profile : null;
    }

    @Override
    public void close() {
        contents.close();
    }
}
