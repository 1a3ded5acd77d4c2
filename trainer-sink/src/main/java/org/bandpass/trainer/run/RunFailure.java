package org.bandpass.trainer.run;

import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.bandpass.languagemodel.NonFiniteGradientException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.file.AtomicFolder;
import org.jspecify.annotations.Nullable;

/** Says why a training failed in a step, what is saved and what to do. */
record RunFailure(String run, long step, @Nullable Checkpoint saved) {

    /** Returns a failure with a message for people; one that has such a message is returned as it is. */
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
        String state = saved != null && saved.progress().steps() == e.step() - 1
                ? "; the state before it is saved in " + saved.folder()
                : "";
        return named("has diverged: the gradient's norm is " + e.norm() + " in step " + e.step()
                + ", which was not taken" + state + ". With --learning-rate below " + learningRate + " " + resumed());
    }

    private String resumed() {
        return saved == null
                ? "--resume begins the run again"
                : "--resume continues after step " + saved.progress().steps();
    }

    private String named(String what) {
        return "run '" + run + "' " + what;
    }
}
