package org.bandpass.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reserves a folder for one program. The operating system holds the lock, so it ends with the process even after a kill.
 * The file {@code bandpass.lock} names the owner.
 */
public final class FolderLock implements AutoCloseable {

    /** The locked file, which stays after the lock is released. */
    public static final String FILE = "bandpass.lock";

    /** Folders of this process. Closing a second handle of a file would drop the process's lock on it (POSIX). */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Locks a folder, which is created if it does not exist.
     *
     * @throws ProgramFailure if another program holds the lock, or the folder cannot be written to
     */
    public static FolderLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            if (!OWN.add(real)) {
                throw inUse(folder, ownPid());
            }
            return lock(real);
        } catch (IOException e) {
            throw new ProgramFailure("cannot lock the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private static FolderLock lock(Path folder) throws IOException {
        try {
            Path file = folder.resolve(FILE);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(folder, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(ownPid().getBytes(StandardCharsets.US_ASCII)));
            return new FolderLock(folder, channel);
        } catch (IOException | RuntimeException e) {
            OWN.remove(folder);
            throw e;
        }
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static ProgramFailure inUse(Path folder, String owner) {
        return new ProgramFailure(
                "the folder " + folder + " is in use by " + (owner.isEmpty() ? "another process" : "process " + owner)
                        + ": stop it first, or name another folder");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ProgramFailure("cannot release the folder " + folder + ": " + e.getMessage(), e);
        } finally {
            OWN.remove(folder);
        }
    }
}
