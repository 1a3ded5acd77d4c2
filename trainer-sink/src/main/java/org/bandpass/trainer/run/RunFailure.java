package org.bandpass.trainer.run;

import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.bandpass.languagemodel.NonFiniteGradientException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.file.AtomicFolder;
import org.jspecify.annotations.Nullable;

/** Why a training has failed in a step, what of it is saved and what to do. */
record RunFailure(String run, long step, @Nullable Checkpoint saved) {

    /** Returns a failure in words for people; one that is in such words already is returned as it is. */
    RuntimeException of(Throwable thrown, double learningRate) {
        if (thrown instanceof NonFiniteGradientException diverged) {
            return new ProgramFailure(diverged(diverged, learningRate), thrown);
        }
        if (thrown instanceof OutOfMemoryError) {
            return new ProgramFailure(
                    named("ran out of memory in step " + step + " (" + thrown.getMessage()
                            + "): give it more with BANDPASS_JAVA_OPTIONS=-Xmx…; then " + resumed()),
                    thrown);
        }
        if (thrown instanceof ProgramFailure failure) {
            return ClientFailure.cause(failure, IOException.class) != null
                    ? new ProgramFailure(failure.getMessage() + "; then " + resumed(), failure)
                    : failure;
        }
        return thrown instanceof KafkaException lost
                ? lost
                : new ProgramFailure(
                        named("failed in step " + step + ": " + AtomicFolder.words(thrown) + "; " + resumed()), thrown);
    }

    private String diverged(NonFiniteGradientException e, double learningRate) {
        Checkpoint last = saved;
        boolean before = last != null && last.progress().steps() == e.step() - 1;
        String state = last != null && before ? "; the state before it is saved in " + last.folder() : "";
        return named("has diverged: the gradient's norm is " + e.norm() + " in step " + e.step()
                + ", which was not taken" + state + ". With --learning-rate below " + learningRate + " " + resumed());
    }

    private String resumed() {
        Checkpoint last = saved;
        return last == null
                ? "--resume begins the run again"
                : "--resume continues after step " + last.progress().steps();
    }

    private String named(String what) {
        return "run '" + run + "' " + what;
    }
}
