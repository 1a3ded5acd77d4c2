package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bandpass.eval.results.ComparedRun;
import org.bandpass.eval.results.FinalScore;
import org.bandpass.eval.results.ProfileScores;
import org.bandpass.eval.results.RunComparison;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;

/** What a comparison of runs lacks, and the commands that make it, in sentences. */
public final class RunGaps {

    private RunGaps() {}

    public static List<String> of(RunComparison comparison) {
        List<String> gaps = new ArrayList<>();
        if (comparison.control() == null) {
            gaps.add("There is no control run, so nothing is compared; --against RUN names a run to compare with.");
        }
        comparison.runs().forEach(run -> addRun(run, gaps));
        if (comparison.profiles().isEmpty()) {
            gaps.add("No task of a profile is scored; ‘bandpass eval --once RUN --gauntlet DATA_DIR --profile "
                    + comparison.published().profile() + "’ does it.");
        }
        for (ProfileScores scores : comparison.profiles()) {
            addProfile(comparison, scores, gaps);
        }
        Set<String> unknown = new LinkedHashSet<>();
        comparison
                .unknown()
                .forEach(left -> unknown.add("Scores of " + left.run() + " in profile " + left.profile() + ", version "
                        + left.version() + ", are left out, because this program does not know it: --profile FILE gives"
                        + " the file of a profile of your own; scores of an older version are to be made again."));
        gaps.addAll(unknown);
        return gaps;
    }

    private static void addRun(ComparedRun run, List<String> gaps) {
        TrainingRun training = run.training();
        if (training == null) {
            gaps.add("The training of " + run.id()
                    + " is not recorded here, so neither its tokens nor its data are known.");
        } else if (training.getState() != RunState.FINISHED) {
            gaps.add("The run " + run.id() + " is not finished (" + training.getState() + ").");
        } else if (run.composition() != null && run.composition().byDomain().isEmpty()) {
            gaps.add("The topic " + training.getTopic() + " no longer holds what " + run.id() + " was trained on.");
        }
        if (run.composition() != null && run.composition().sampled()) {
            gaps.add("The data of " + run.id() + " by domain are estimates from a sample.");
        }
        addTasks(run, gaps);
    }

    private static void addTasks(ComparedRun run, List<String> gaps) {
        if (run.heldOut() == null || run.cloze() == null) {
            String what = run.heldOut() != null ? "cloze" : run.cloze() != null ? "held-out" : "held-out and no cloze";
            gaps.add("The run " + run.id() + " has no " + what + " score; ‘bandpass eval --once " + run.id()
                    + "’ makes them.");
        }
    }

    private static void addProfile(RunComparison comparison, ProfileScores scores, List<String> gaps) {
        String profile = scores.profile().name();
        for (ComparedRun run : comparison.runs()) {
            FinalScore score = scores.runs().get(run.id());
            if (score == null) {
                gaps.add("The run " + run.id() + " is not scored in " + profile + limit(scores) + "; "
                        + command(run.id(), scores) + " does it.");
                continue;
            }
            addScore(run, scores, score, gaps);
        }
        addContexts(scores, gaps);
        if (!scores.hasIntermediate()) {
            gaps.add("Score over training tokens in " + profile + limit(scores) + ": " + checkpoints(scores));
        }
    }

    /** Runs are compared although their prompts were cut differently; this has to be known. */
    private static void addContexts(ProfileScores scores, List<String> gaps) {
        Set<Integer> longest = new TreeSet<>();
        scores.runs().values().forEach(score -> longest.add(score.longestPrompt()));
        if (longest.size() > 1) {
            gaps.add("The longest prompts in " + scores.profile().name() + limit(scores) + " differ between runs ("
                    + Words.list(longest.stream().map(Words::count).toList())
                    + " tokens), so their differences are also those of prompts that are cut.");
        }
    }

    private static void addScore(ComparedRun run, ProfileScores scores, FinalScore score, List<String> gaps) {
        String profile = scores.profile().name() + limit(scores);
        if (!score.unfinished().isEmpty()) {
            gaps.add("The evaluation of " + run.id() + " in " + profile + " is not finished: "
                    + Words.list(score.unfinished()) + "; " + command(run.id(), scores) + " continues.");
        }
        if (score.figures().average().partial()) {
            gaps.add("The average of " + run.id() + " in " + profile + " is "
                    + score.figures().average().remark() + ".");
        }
        TrainingRun training = run.training();
        if (training != null && score.step() < training.getStep()) {
            gaps.add("The run " + run.id() + " is scored in " + profile + " at step " + Words.count(score.step())
                    + " of " + Words.count(training.getStep()) + " only.");
        }
    }

    private static String limit(ProfileScores scores) {
        return scores.limit() == 0 ? "" : " (at most " + Words.count(scores.limit()) + " rows a task)";
    }

    private static String command(String run, ProfileScores scores) {
        return "‘bandpass eval --once " + run + " --gauntlet DATA_DIR --profile "
                + scores.profile().name() + (scores.limit() == 0 ? "" : " --limit " + scores.limit()) + "’";
    }

    /** Returns how to score the checkpoints of a run. */
    static String checkpoints(ProfileScores scores) {
        String all = command("RUN", scores).replace("’", " --step all’");
        return all + " scores the checkpoints of a run that was trained with ‘--set trainer.checkpoints.kept=0’.";
    }
}
