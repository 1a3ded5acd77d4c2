package org.bandpass.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.data.DataPosition;
import org.bandpass.trainer.file.AtomicFolder;
import org.junit.jupiter.api.Test;

/** The message of a failed training has the root cause, what is saved and what to do. */
class RunFailureTest {

    private static final RunFailure UNSAVED = new RunFailure("low", 3, null);
    private static final RunFailure SAVED = new RunFailure(
            "low",
            57,
            new Checkpoint(
                    Path.of("out/checkpoints/step-000050"),
                    new RunProgress(DataPosition.START, new LossCurve(Collections.nCopies(50, 0.0)), 9, null)));

    @Test
    void advisesOnMemory() {
        assertThat(SAVED.of(new OutOfMemoryError("Java heap space"), 0.1))
                .isInstanceOf(ProgramFailure.class)
                .hasMessage("run 'low' ran out of memory in step 57 (Java heap space): give it more with"
                        + " BANDPASS_JAVA_OPTIONS=-Xmx…; then --resume continues after step 50");
    }

    @Test
    void promisesToContinueOnlyWhereSomethingIsSaved() {
        ProgramFailure full = new ProgramFailure("cannot write out", new IOException("No space left on device"));

        assertThat(UNSAVED.of(full, 0.1)).hasMessage("cannot write out; then --resume begins the run again");
        assertThat(SAVED.of(full, 0.1)).hasMessage("cannot write out; then --resume continues after step 50");
    }

    @Test
    void keepsFailuresThatHaveAMessageForPeople() {
        ProgramFailure taken = new ProgramFailure("another trainer has taken over run 'low'; this one has stopped");
        TimeoutException away = new TimeoutException("no answer");

        assertThat(SAVED.of(taken, 0.1)).isSameAs(taken);
        assertThat(SAVED.of(away, 0.1)).isSameAs(away);
    }

    @Test
    void namesTheRootCauseThatWrappersOmit() {
        IOException root = new FileSystemException("out/model.safetensors", null, "No space left on device");

        assertThat(SAVED.of(new IllegalStateException("step failed", new UncheckedIOException("cannot", root)), 0.1))
                .hasMessage("run 'low' failed in step 57: out/model.safetensors: No space left on device; --resume"
                        + " continues after step 50");
        assertThat(AtomicFolder.words(new IOException("cannot", new NoSuchFileException("out/run.json"))))
                .isEqualTo("out/run.json is not there");
    }
}
