package org.bandpass.trainer.run;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.file.AtomicFolder;
import org.bandpass.trainer.file.TokenizerFiles;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run. What is in it is complete, whenever a process dies:
 *
 * <pre>
 *   run.json                  the run's definition; written once
 *   checkpoints/step-000012   HuggingFace folder, optimizer state, progress.json, run.json; older ones are deleted after
 *                             the next is complete, unless they are kept
 *   model                     HuggingFace folder of the finished run
 * </pre>
 *
 * <p>One trainer at a time has it open.
 */
record RunFolder(Path folder, FolderLock lock) implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(OffsetRange.class, RangeFields.class)
            .build();

    private static final String DEFINITION = "run.json";
    private static final String PROGRESS = "progress.json";
    /** Files of a folder in which no run has begun; earlier versions locked another file. */
    private static final Set<String> BEGINNING = Set.of(FolderLock.FILE, ".lock", DEFINITION + AtomicFolder.UNFINISHED);

    private static final Pattern STEP = Pattern.compile("step-(\\d+)");

    /** Avro's records have a schema beside their fields. */
    @JsonIncludeProperties({"partition", "from", "to", "records"})
    private interface RangeFields {}

    /**
     * Opens a folder, which is made when it is not there.
     *
     * @param resume whether a run may have begun in it
     * @throws ProgramFailure if it holds something else, or a run that must not continue, or is in use
     */
    static RunFolder open(Path path, boolean resume) {
        Path folder = path.toAbsolutePath().normalize();
        requireOurs(folder, resume);
        FolderLock lock = FolderLock.take(folder);
        try {
            // Another trainer may have begun between the check and the lock.
            requireOurs(folder, resume);
            return new RunFolder(folder, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireOurs(Path folder, boolean resume) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ProgramFailure(folder + " is no folder; choose another --out");
        }
        boolean begun = Files.exists(folder.resolve(DEFINITION));
        if (begun && !resume) {
            throw new ProgramFailure(
                    "the folder " + folder + " holds a run; --resume continues it, another --out begins a new one");
        }
        for (Path entry : begun ? List.<Path>of() : list(folder)) {
            if (!BEGINNING.contains(entry.getFileName().toString())) {
                throw new ProgramFailure("the folder " + folder + " is not empty, and what it holds is no run ("
                        + entry.getFileName() + "): choose another --out");
            }
        }
    }

    Path model() {
        return folder.resolve("model");
    }

    boolean hasModel() {
        return Files.isDirectory(model());
    }

    /** Returns the run's definition, or null where none has begun. */
    @Nullable
    RunDefinition definition() {
        Path file = folder.resolve(DEFINITION);
        return Files.exists(file) ? read(file, RunDefinition.class) : null;
    }

    void define(RunDefinition definition) {
        AtomicFolder.write(folder.resolve(DEFINITION), text(definition));
    }

    private static String text(RunDefinition definition) {
        return JSON.<JsonNode>valueToTree(definition).toPrettyString() + "\n";
    }

    @Nullable
    Checkpoint lastCheckpoint() {
        Path last = null;
        for (Path entry : list(checkpoints())) {
            if (stepOf(entry) > (last == null ? -1 : stepOf(last))) {
                last = entry;
            }
        }
        return last == null ? null : new Checkpoint(last, read(last.resolve(PROGRESS), RunProgress.class));
    }

    /**
     * Writes a checkpoint.
     *
     * @throws ProgramFailure if it cannot be written; or if the folder was removed: the checkpoint is then in a new
     *     folder, perhaps on another disk
     */
    Checkpoint save(TrainingSession session, RunProgress progress, RunDefinition definition, Path tokenizerFolder) {
        boolean removed = !Files.exists(folder.resolve(DEFINITION));
        Path target = checkpoints().resolve(String.format("step-%06d", progress.steps()));
        AtomicFolder.write(target, unfinished -> {
            session.save(unfinished);
            TokenizerFiles.copy(tokenizerFolder, unfinished);
            Files.writeString(unfinished.resolve(DEFINITION), text(definition));
            Files.writeString(unfinished.resolve(PROGRESS), JSON.writeValueAsString(progress) + "\n");
        });
        if (removed) {
            define(definition);
            throw new ProgramFailure("the folder " + folder + " was removed while its run was trained; the state after"
                    + " step " + progress.steps() + " is saved there again, and --resume continues from it");
        }
        return new Checkpoint(target, progress);
    }

    /**
     * Deletes checkpoints, and what was never completed.
     *
     * @param kept most checkpoints that stay, the latest ones; 0 for all
     * @throws ProgramFailure if one cannot be deleted
     */
    void deleteOldCheckpoints(int kept) {
        try {
            List<Path> latestFirst = new ArrayList<>(AtomicFolder.list(checkpoints()));
            latestFirst.sort(Comparator.comparingLong(RunFolder::stepOf).reversed());
            for (int i = 0; i < latestFirst.size(); i++) {
                if (stepOf(latestFirst.get(i)) < 0 || kept > 0 && i >= kept) {
                    AtomicFolder.delete(latestFirst.get(i));
                }
            }
        } catch (IOException e) {
            throw new ProgramFailure(
                    "cannot delete the old checkpoints in " + checkpoints() + ": " + AtomicFolder.words(e), e);
        }
    }

    /** Writes the model unless it is there. */
    void writeModel(TrainingSession session, Path tokenizerFolder) {
        if (!hasModel()) {
            AtomicFolder.write(model(), unfinished -> {
                session.writeModel(unfinished);
                TokenizerFiles.copy(tokenizerFolder, unfinished);
            });
        }
    }

    @Override
    public void close() {
        lock.close();
    }

    private Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    /** Returns the step of a complete checkpoint, or -1. */
    private static long stepOf(Path entry) {
        Matcher step = STEP.matcher(entry.getFileName().toString());
        return step.matches() ? Long.parseLong(step.group(1)) : -1;
    }

    private static List<Path> list(Path folder) {
        try {
            return AtomicFolder.list(folder);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static <T> T read(Path file, Class<T> type) {
        try {
            return JSON.readValue(file.toFile(), type);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ProgramFailure unreadable(Path path, IOException e) {
        return new ProgramFailure("cannot read " + path + ": " + AtomicFolder.words(e), e);
    }
}
