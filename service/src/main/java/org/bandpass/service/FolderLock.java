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
 * Keeps a folder for one program. The lock is the operating system's, so it ends with the process however that ends; the
 * file {@code bandpass.lock} names the owner for people.
 */
public final class FolderLock implements AutoCloseable {

    /** The file that is locked; it stays when the lock is gone. */
    public static final String FILE = "bandpass.lock";

    /** POSIX drops a process's locks on a file when the process closes any handle of it, so no second one is opened. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Locks a folder before anything else in it is touched; makes the folder if there is none.
     *
     * @throws ProgramFailure if another program has it, whose process is named, or if the folder cannot be written to
     */
    public static FolderLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            if (!OWN.add(real)) {
                throw inUse(folder, Long.toString(ProcessHandle.current().pid()));
            }
            return lock(real);
        } catch (IOException e) {
            throw new ProgramFailure("cannot lock the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private static FolderLock lock(Path folder) throws IOException {
        boolean locked = false;
        try {
            Path file = folder.resolve(FILE);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(folder, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            locked = true;
            return new FolderLock(folder, channel);
        } finally {
            if (!locked) {
                OWN.remove(folder);
            }
        }
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
