package org.bandpass.sources.file;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is in a folder that a person names, which may be a link to one. Files are named from that name on. */
public final class NamedFolder {

    /** What becomes of links to folders that are in the folder. */
    public enum Links {
        /** What is behind them belongs to the folder; one that leads to a folder above it is passed over. */
        FOLLOWED,
        /** They are counted. */
        LEFT_OUT
    }

    private final Path name;
    private final Path real;
    private final Predicate<Path> wanted;
    private final List<Path> files = new ArrayList<>();
    private int linksLeftOut;

    private final boolean strict;

    private NamedFolder(Path name, Path real, Predicate<Path> wanted, boolean strict) {
        this.strict = strict;
        this.name = name;
        this.real = real;
        this.wanted = wanted;
    }

    /**
     * Walks through a folder.
     *
     * @param depth how many levels of folders are looked into
     * @param wanted says whether a path relative to the folder is wanted
     * @throws IOException if a folder may not be looked into
     */
    public static NamedFolder walk(Path name, int depth, Links links, Predicate<Path> wanted) throws IOException {
        NamedFolder folder = new NamedFolder(name, name.toRealPath(), wanted, true);
        Set<FileVisitOption> options = links == Links.FOLLOWED ? Set.of(FileVisitOption.FOLLOW_LINKS) : Set.of();
        Files.walkFileTree(folder.real, options, depth, folder.new Visitor());
        folder.files.sort(Comparator.naturalOrder());
        return folder;
    }

    /**
     * Walks through a folder and skips what cannot be read or is gone meanwhile.
     *
     * @throws IOException if the folder itself is not there
     */
    public static NamedFolder glance(Path name, Predicate<Path> wanted) throws IOException {
        Path real = name.toRealPath();
        NamedFolder folder = new NamedFolder(real, real, wanted, false);
        Files.walkFileTree(real, folder.new Visitor());
        folder.files.sort(Comparator.naturalOrder());
        return folder;
    }

    /** Returns the files that are wanted, by name. */
    public List<Path> files() {
        return files;
    }

    /** Returns how many wanted links to folders are left out. */
    public int linksLeftOut() {
        return linksLeftOut;
    }

    private final class Visitor extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            Path relative = real.relativize(path);
            if (wanted.test(relative)) {
                if (Files.isRegularFile(path)) {
                    files.add(name.resolve(relative));
                } else if (attributes.isSymbolicLink() && Files.isDirectory(path)) {
                    linksLeftOut++;
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (!strict || e instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            throw new IOException(e.getClass().getSimpleName() + " at " + name.resolve(real.relativize(path)), e);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e) throws IOException {
            return strict ? super.postVisitDirectory(path, e) : FileVisitResult.CONTINUE;
        }
    }
}
