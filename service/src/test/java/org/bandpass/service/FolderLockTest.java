package org.bandpass.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

    @Test
    void refusesAFolderThatThisProcessHolds(@TempDir Path folder) {
        try (FolderLock first = FolderLock.take(folder.resolve("new"))) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> FolderLock.take(folder.resolve("new")))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
        }
        FolderLock.take(folder.resolve("new")).close();
    }

    @Test
    void refusesAFolderOfAnotherProcessUntilThatProcessIsKilled(@TempDir Path folder) throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(owner.getInputStream().read()).isEqualTo('L');

            assertThatThrownBy(() -> FolderLock.take(folder)).hasMessageContaining("in use by process " + owner.pid());
            assertThatThrownBy(() -> FolderLock.take(folder))
                    .as("the second refusal leaves the first owner's lock alone")
                    .hasMessageContaining("in use by process " + owner.pid());
        } finally {
            owner.destroyForcibly();
            assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        FolderLock.take(folder).close();
    }

    /** Holds a lock until it is killed. */
    static final class Owner {

        private Owner() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            try (FolderLock held = FolderLock.take(Path.of(arguments[0]))) {
                System.out.write('L');
                System.out.flush();
                Thread.sleep(TimeUnit.MINUTES.toMillis(10));
            }
        }
    }
}
