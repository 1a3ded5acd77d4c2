package org.bandpass.eval;

import java.time.Duration;
import java.util.List;

/**
 * What was done in the tasks of the gauntlet for one model of a run.
 *
 * @param profile name and version
 * @param tasks tasks with a data file
 * @param rows their rows
 * @param knownRows those of them that had been scored before
 * @param missing keys of the tasks without a data file: an average is partial
 */
record GauntletScore(
        String runId,
        long step,
        String profile,
        int tasks,
        int rows,
        int knownRows,
        List<String> missing,
        Duration took) {}
