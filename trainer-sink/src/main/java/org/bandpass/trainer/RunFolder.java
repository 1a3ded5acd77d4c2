package org.bandpass.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run. What is in it is complete, whenever a process dies:
 *
 * <pre>
 *   run.json                  what the run is; written once
 *   checkpoints/step-000012   HuggingFace folder, optimizer state, progress.json, run.json; the one before stays until
 *                             the next is complete
 *   model                     HuggingFace folder of the finished run
 * </pre>
 *
 * <p>One trainer at a time has it open.
 */
final class RunFolder implements AutoCloseable {

    private static final String DEFINITION = "run.json";
    private static final String PROGRESS = "progress.json";
    private static final String LOCK = ".lock";
    private static final Pattern STEP = Pattern.compile("step-(\\d+)");

    private final Path folder;
    private final FileChannel lock;

    private RunFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Opens a folder, which is made when it is not there.
     *
     * @param resume whether a run may have begun in it
     * @throws ProgramFailure if it holds something else, or a run that must not go on, or is in use
     */
    static RunFolder open(Path path, boolean resume) {
        Path folder = path.toAbsolutePath().normalize();
        try {
            requireOurs(folder, resume);
            Files.createDirectories(folder);
            return new RunFolder(folder, lock(folder));
        } catch (IOException e) {
            throw new ProgramFailure("cannot use the folder " + folder + ": " + e, e);
        }
    }

    private static void requireOurs(Path folder, boolean resume) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ProgramFailure(folder + " is no folder; choose another --out");
        }
        boolean begun = Files.exists(folder.resolve(DEFINITION));
        if (begun && !resume) {
            throw new ProgramFailure(
                    "the folder " + folder + " holds a run; --resume goes on with it, another --out begins a new one");
        }
        List<String> beginning = List.of(LOCK, DEFINITION + AtomicFolder.UNFINISHED);
        for (Path entry : begun ? List.<Path>of() : AtomicFolder.list(folder)) {
            if (!beginning.contains(entry.getFileName().toString())) {
                throw new ProgramFailure("the folder " + folder + " is not empty, and what it holds is no run ("
                        + entry.getFileName() + "): choose another --out");
            }
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // The other trainer is in this process.
        }
        channel.close();
        throw new ProgramFailure("another trainer works in the folder " + folder);
    }

    Path model() {
        return folder.resolve("model");
    }

    boolean hasModel() {
        return Files.isDirectory(model());
    }

    /** Returns what the run is, or null where none has begun. */
    @Nullable
    RunDefinition definition() {
        Path file = folder.resolve(DEFINITION);
        try {
            return Files.exists(file) ? RunDefinition.parse(Files.readAllBytes(file)) : null;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Says what the run is. */
    void define(RunDefinition definition) {
        AtomicFolder.write(folder.resolve(DEFINITION), definition.toJson());
    }

    /** Returns the last checkpoint, or null where there is none. */
    @Nullable
    Checkpoint lastCheckpoint() {
        try {
            Path last = null;
            for (Path entry : AtomicFolder.list(checkpoints())) {
                if (stepOf(entry) > (last == null ? -1 : stepOf(last))) {
                    last = entry;
                }
            }
            return last == null
                    ? null
                    : new Checkpoint(last, RunProgress.parse(Files.readAllBytes(last.resolve(PROGRESS))));
        } catch (IOException e) {
            throw unreadable(checkpoints(), e);
        }
    }

    /** Writes a checkpoint, then deletes those before it. */
    Checkpoint save(TrainingSession session, RunProgress progress, RunDefinition definition, Path tokenizerFolder) {
        Path target = checkpoints().resolve(String.format("step-%06d", progress.steps()));
        AtomicFolder.write(target, unfinished -> {
            session.save(unfinished);
            TokenizerFiles.copy(tokenizerFolder, unfinished);
            Files.writeString(unfinished.resolve(DEFINITION), definition.toJson());
            Files.writeString(unfinished.resolve(PROGRESS), progress.toJson());
        });
        try {
            for (Path entry : AtomicFolder.list(checkpoints())) {
                if (!entry.equals(target)) {
                    AtomicFolder.delete(entry);
                }
            }
        } catch (IOException e) {
            throw new ProgramFailure("cannot delete the checkpoints before " + target + ": " + e, e);
        }
        return new Checkpoint(target, progress);
    }

    /** Writes the final model. */
    void writeModel(TrainingSession session, Path tokenizerFolder) {
        AtomicFolder.write(model(), unfinished -> {
            session.writeModel(unfinished);
            TokenizerFiles.copy(tokenizerFolder, unfinished);
        });
    }

    @Override
    public void close() {
        try {
            // The lock goes with the channel; the file stays, because another trainer may be about to lock it.
            lock.close();
        } catch (IOException e) {
            throw new ProgramFailure("cannot close the folder " + folder + ": " + e, e);
        }
    }

    private Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    /** Returns the step of a complete checkpoint, or -1. */
    private static long stepOf(Path entry) {
        Matcher step = STEP.matcher(entry.getFileName().toString());
        return step.matches() ? Long.parseLong(step.group(1)) : -1;
    }

    private static ProgramFailure unreadable(Path path, IOException e) {
        return new ProgramFailure("cannot read " + path + ": " + e.getMessage(), e);
    }
}
