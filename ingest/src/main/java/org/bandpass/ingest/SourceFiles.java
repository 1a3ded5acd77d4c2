package org.bandpass.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
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
     * files of known formats in it and below, hidden ones left out. A URL is looked at when its turn comes.
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
        Path absolute = pattern.toAbsolutePath();
        Path base = absolute;
        while (base.getParent() != null && base.toString().matches(PATTERN)) {
            base = base.getParent();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + absolute);
        int depth =
                pattern.toString().contains("**") ? Integer.MAX_VALUE : absolute.getNameCount() - base.getNameCount();
        List<Path> matching = Files.isDirectory(base) ? files(base, depth, matcher::matches) : List.of();
        if (matching.isEmpty()) {
            unusable.add(pattern + ": no file matches");
        }
        matching.forEach(this::look);
    }

    private static List<Path> files(Path folder, int depth, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> walk = Files.walk(folder, depth)) {
            return walk.filter(path -> wanted.test(path) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        }
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
