package org.bandpass.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import org.bandpass.service.ProgramFailure;

/** Finds the files that a person names: files, folders of files, patterns, URLs. */
final class SourceFiles {

    private static final String PATTERN = ".*[*?\\[{].*";

    private final HttpRequests requests;
    private final Consumer<String> talk;
    private final List<Source> found = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();

    private SourceFiles(HttpRequests requests, Consumer<String> talk) {
        this.requests = requests;
        this.talk = talk;
    }

    /**
     * Returns the files in the order in which they are named; those of a folder or pattern by name. A folder gives the
     * files of known formats in it and below, through links too, hidden ones left out. A URL is looked at when its turn comes.
     *
     * @param talk is told what is left out
     * @throws ProgramFailure if one is missing or may not be read
     */
    static List<Source> find(List<String> names, HttpRequests requests, Consumer<String> talk) {
        SourceFiles files = new SourceFiles(requests, talk);
        names.forEach(files::add);
        if (!files.unusable.isEmpty()) {
            throw new ProgramFailure("nothing was read, because of " + String.join("; ", files.unusable));
        }
        return files.found;
    }

    private void add(String name) {
        if (name.isEmpty()) {
            // It would be the working directory; mostly it is a variable of a script that is not set.
            unusable.add("'': a name is empty");
            return;
        }
        try {
            if (HttpLocation.isUrl(name)) {
                found.add(url(name));
                return;
            }
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                addFolder(path);
            } else if (!Files.exists(path) && name.matches(PATTERN)) {
                addMatching(path);
            } else {
                look(path);
            }
        } catch (InvalidPathException | PatternSyntaxException e) {
            unusable.add(name + ": neither file nor pattern: " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            unusable.add(name + ": " + e.getMessage());
        }
    }

    private Source url(String name) throws IOException {
        try {
            return HttpLocation.of(name, requests);
        } catch (SourceFailure e) {
            // Not repeated: it may hold a password.
            throw new ProgramFailure("nothing was read, because of an argument that is " + e.getMessage(), e);
        }
    }

    private void look(Path path) {
        try {
            found.add(LocalFile.of(path));
        } catch (SourceFailure e) {
            unusable.add(path + ": " + e.getMessage());
        }
    }

    private void addFolder(Path folder) throws IOException {
        List<Path> all = files(folder, Integer.MAX_VALUE, path -> !isHidden(folder.relativize(path)));
        List<Path> known = all.stream().filter(SourceFiles::isKnown).toList();
        known.forEach(this::look);
        if (known.size() < all.size() || all.isEmpty()) {
            talk.accept(folder + ": " + known.size() + " files of known formats, " + (all.size() - known.size())
                    + " others are left out");
        }
    }

    private void addMatching(Path pattern) throws IOException {
        Path base = pattern;
        int depth = 0;
        while (base != null && base.toString().matches(PATTERN)) {
            base = base.getParent();
            depth++;
        }
        base = base == null ? Path.of("") : base;
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        depth = pattern.toString().contains("**") ? Integer.MAX_VALUE : depth;
        List<Path> matching = Files.isDirectory(base) ? files(base, depth, matcher::matches) : List.of();
        if (matching.isEmpty()) {
            unusable.add(pattern + ": no file matches");
        }
        matching.forEach(this::look);
    }

    private static List<Path> files(Path folder, int depth, Predicate<Path> wanted) throws IOException {
        List<Path> files = new ArrayList<>();
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && wanted.test(path)) {
                    files.add(path);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                // A link back to a folder that is being looked through already leads to nothing new.
                if (e instanceof FileSystemLoopException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        };
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
        files.sort(null);
        return files;
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKnown(Path path) {
        return SourceFormat.isKnown(String.valueOf(path.getFileName()));
    }
}
