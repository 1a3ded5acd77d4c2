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
import java.util.function.BiConsumer;
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
    private final Predicate<Path> hidden;
    private final Predicate<Path> wanted;
    private final boolean strict;
    private final List<Path> files = new ArrayList<>();
    private int linksLeftOut;

    private NamedFolder(Path name, Predicate<Path> hidden, Predicate<Path> wanted, boolean strict) throws IOException {
        this.name = name;
        this.real = name.toRealPath();
        this.hidden = hidden;
        this.wanted = wanted;
        this.strict = strict;
    }

    /**
     * Walks through a folder.
     *
     * @param depth how many levels of folders are looked into
     * @param hidden says whether a path relative to the folder is left out, with all that is below
     * @param wanted says whether another is wanted
     * @throws IOException if a folder may not be looked into
     */
    public static NamedFolder walk(Path name, int depth, Links links, Predicate<Path> hidden, Predicate<Path> wanted)
            throws IOException {
        NamedFolder folder = new NamedFolder(name, hidden, wanted, true);
        Set<FileVisitOption> options = links == Links.FOLLOWED ? Set.of(FileVisitOption.FOLLOW_LINKS) : Set.of();
        Files.walkFileTree(
                folder.real, options, depth, folder.new Visitor((file, attributes) -> folder.files.add(file)));
        folder.files.sort(Comparator.naturalOrder());
        return folder;
    }

    /**
     * Walks through a folder and skips what is hidden, cannot be read or is gone meanwhile.
     *
     * @param visit receives the files that are wanted, in no order, and what they are
     * @throws IOException if the folder itself is not there
     */
    public static void glance(Path name, Predicate<Path> wanted, BiConsumer<Path, BasicFileAttributes> visit)
            throws IOException {
        NamedFolder folder = new NamedFolder(name.toRealPath(), HiddenName::isIn, wanted, false);
        Files.walkFileTree(folder.real, folder.new Visitor(visit));
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

        private final BiConsumer<Path, BasicFileAttributes> visit;

        Visitor(BiConsumer<Path, BasicFileAttributes> visit) {
            this.visit = visit;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return hidden.test(real.relativize(path)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            Path relative = real.relativize(path);
            if (hidden.test(relative) || !wanted.test(relative)) {
                return FileVisitResult.CONTINUE;
            }
            BasicFileAttributes target = attributes.isSymbolicLink() ? target(path) : attributes;
            if (target != null && target.isRegularFile()) {
                visit.accept(name.resolve(relative), target);
            } else if (target != null && target.isDirectory() && attributes.isSymbolicLink()) {
                linksLeftOut++;
            }
            return FileVisitResult.CONTINUE;
        }

        /** Returns what a link leads to; null where that is nothing. */
        private static @Nullable BasicFileAttributes target(Path link) {
            try {
                return Files.readAttributes(link, BasicFileAttributes.class);
            } catch (IOException e) {
                return null;
            }
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
