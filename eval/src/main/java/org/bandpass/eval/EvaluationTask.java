package org.bandpass.eval;

/** A task that every run is scored in. */
interface EvaluationTask {

    /** Receives the progress in rows; throws a CancellationException if the result is no longer wanted. */
    interface Watch {
        void at(long done, long total);
    }

    String name();

    /** Returns the version of the definition, bounds included: only scores of the same version can be compared. */
    String version();

    /** Returns the plural of what makes a row. */
    String unit();

    /** Throws a RefusedRunException if the model cannot be scored. */
    TaskScore score(RunModel model, Watch watch);
}
