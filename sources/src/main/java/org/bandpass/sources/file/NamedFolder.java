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

/** The files in a folder, or in the folder that a link leads to. Their paths begin with the name that was given. */
public final class NamedFolder {

    private final Path name;
    private final Path real;
    private final boolean strict;
    private final List<Path> files = new ArrayList<>();
    private int linksLeftOut;

    private NamedFolder(Path name, boolean strict) throws IOException {
        this.name = name;
        this.real = name.toRealPath();
        this.strict = strict;
    }

    /**
     * Walks through a folder.
     *
     * @param depth levels of folders to visit
     * @param followLinks whether to visit the folders that links lead to, rather than count the links; a link to a folder
     *     above it is skipped
     * @param hidden tells whether a path relative to the folder is left out, with everything below it
     * @param wanted tells whether a file is wanted that is not hidden
     * @throws IOException if a folder may not be read
     */
    public static NamedFolder walk(
            Path name, int depth, boolean followLinks, Predicate<Path> hidden, Predicate<Path> wanted)
            throws IOException {
        NamedFolder folder = new NamedFolder(name, true);
        Set<FileVisitOption> options = followLinks ? Set.of(FileVisitOption.FOLLOW_LINKS) : Set.of();
        Files.walkFileTree(
                folder.real, options, depth, folder.visitor(hidden, wanted, (file, at) -> folder.files.add(file)));
        folder.files.sort(Comparator.naturalOrder());
        return folder;
    }

    /**
     * Walks through a folder and skips what is hidden, unreadable or gone.
     *
     * @param visit receives the wanted files, in no order, with their attributes
     * @throws IOException if the folder itself is missing
     */
    public static void glance(Path name, Predicate<Path> wanted, BiConsumer<Path, BasicFileAttributes> visit)
            throws IOException {
        NamedFolder folder = new NamedFolder(name.toRealPath(), false);
        Files.walkFileTree(folder.real, folder.visitor(HiddenName::isIn, wanted, visit));
    }

    /** Returns the wanted files, sorted. */
    public List<Path> files() {
        return files;
    }

    /** Returns how many wanted links to folders were left out. */
    public int linksLeftOut() {
        return linksLeftOut;
    }

    private SimpleFileVisitor<Path> visitor(
            Predicate<Path> hidden, Predicate<Path> wanted, BiConsumer<Path, BasicFileAttributes> visit) {
        return new SimpleFileVisitor<>() {

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
        };
    }

    /** Returns the attributes of a link's target, null if there is none. */
    private static @Nullable BasicFileAttributes target(Path link) {
        try {
            return Files.readAttributes(link, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }
}
