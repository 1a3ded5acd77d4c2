package org.bandpass.cli;

import java.nio.file.Path;
import java.util.Map;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;

/** An embedded broker on a locked folder; prints the reason if the broker ends the process. */
record LockedBroker(FolderLock lock, EmbeddedBroker broker) implements AutoCloseable {

    /**
     * Starts a broker.
     *
     * @param next what to do after a failure of the broker, for people
     * @throws ProgramFailure if the folder is in use or cannot be used, or the port is taken
     */
    static LockedBroker start(Path folder, String host, int port, Map<String, String> overrides, String next) {
        FolderLock lock = FolderLock.take(folder);
        boolean started = false;
        try {
            EmbeddedBroker.whenFatal(
                    folder, why -> System.err.println("bandpass: the broker has failed: " + why + "; " + next));
            LockedBroker locked = new LockedBroker(lock, EmbeddedBroker.start(folder, host, port, overrides));
            started = true;
            return locked;
        } catch (IllegalStateException e) {
            throw new ProgramFailure(String.valueOf(e.getMessage()), e);
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    @Override
    public void close() {
        broker.close();
        lock.close();
    }
}
