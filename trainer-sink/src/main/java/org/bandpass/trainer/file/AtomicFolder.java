package org.bandpass.trainer.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bandpass.service.ProgramFailure;

/** Writes folders and files that are complete and on disk, or absent, whenever the process or the machine dies. */
public final class AtomicFolder {

    /** Suffix of incomplete folders and files. */
    public static final String UNFINISHED = ".unfinished";

    /** Fills a folder. */
    public interface Content {
        void write(Path folder) throws IOException;
    }

    private AtomicFolder() {}

    /**
     * Writes a folder under another name, forces it to disk and renames it.
     *
     * @throws ProgramFailure if it cannot be written
     */
    public static void write(Path folder, Content content) {
        writeAndRename(folder, unfinished -> {
            delete(unfinished);
            Files.createDirectories(unfinished);
            content.write(unfinished);
            for (Path file : list(unfinished)) {
                force(file, StandardOpenOption.WRITE);
            }
            force(unfinished, StandardOpenOption.READ);
        });
    }

    /** Writes or replaces a file in the same way. */
    public static void write(Path file, String text) {
        writeAndRename(file, unfinished -> {
            Files.writeString(unfinished, text);
            force(unfinished, StandardOpenOption.WRITE);
        });
    }

    private static void writeAndRename(Path path, Content content) {
        Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
        try {
            content.write(unfinished);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
            // The name is on disk when the folder that holds it is.
            force(path.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ);
        } catch (IOException | UncheckedIOException e) {
            throw failure(path, unfinished, e);
        }
    }

    /** Deletes a folder with its content, or nothing where it is absent. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // Nothing to delete.
        }
    }

    /** Returns the entries of a folder, by name; none where it is absent. */
    public static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static void force(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    /** Deletes the incomplete folder or file, which is of no use and takes space. */
    private static ProgramFailure failure(Path path, Path unfinished, Exception e) {
        try {
            delete(unfinished);
        } catch (IOException | UncheckedIOException undeleted) {
            e.addSuppressed(undeleted);
        }
        String what = words(e);
        boolean full = what.contains("No space left") || what.contains("quota exceeded");
        return new ProgramFailure("cannot write " + path + ": " + what + (full ? "; make space there" : ""), e);
    }

    /** Returns the root cause of a failure: the operating system's message, which wrappers often omit. */
    public static String words(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof NoSuchFileException missing) {
            return missing.getFile() + " is not there";
        }
        if (root instanceof FileSystemException system && system.getReason() == null) {
            return system.getFile() + ": " + system.getClass().getSimpleName().replace("Exception", "");
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
