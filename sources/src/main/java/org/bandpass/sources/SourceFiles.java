package org.bandpass.sources;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import org.bandpass.sources.file.HiddenName;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.NamedFolder;
import org.bandpass.sources.file.NamedFolder.Links;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.file.StandardInput;
import org.bandpass.sources.http.HttpLocation;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.UnusableInputException;

/** Finds the files that a person names: files, folders of files, patterns, URLs. */
public final class SourceFiles {

    private static final String PATTERN = ".*[*?\\[{].*";

    private final StandardInput input;
    private final HttpRequests requests;
    private final Consumer<String> talk;
    private final List<Source> found = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();

    private SourceFiles(StandardInput input, HttpRequests requests, Consumer<String> talk) {
        this.input = input;
        this.requests = requests;
        this.talk = talk;
    }

    /**
     * Returns the files in the order in which they are named; those of a folder or pattern by name. A folder gives the
     * files of known formats in it and below; hidden ones and links to folders are left out. A URL is looked at when its
     * turn comes.
     *
     * @param input what - stands for
     * @param talk receives a line about what is left out
     * @throws UnusableInputException if one is missing or may not be read
     */
    public static List<Source> find(
            List<String> names, StandardInput input, HttpRequests requests, Consumer<String> talk) {
        SourceFiles files = new SourceFiles(input, requests, talk);
        names.forEach(files::add);
        if (!files.unusable.isEmpty()) {
            throw new UnusableInputException("nothing was read, because of " + String.join("; ", files.unusable));
        }
        return files.found;
    }

    private void add(String name) {
        if (name.equals(StandardInput.NAME)) {
            found.add(input);
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
        } catch (IOException e) {
            unusable.add(name + ": " + e.getMessage());
        }
    }

    private Source url(String name) throws IOException {
        try {
            return HttpLocation.of(name, requests);
        } catch (SourceFailure e) {
            // Not repeated: it may hold a password.
            throw new UnusableInputException("nothing was read, because of an argument that is " + e.getMessage(), e);
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
        NamedFolder all = NamedFolder.walk(folder, Integer.MAX_VALUE, Links.LEFT_OUT, HiddenName::isIn, path -> true);
        List<Path> known = all.files().stream().filter(SourceFiles::isKnown).toList();
        known.forEach(this::look);
        int others = all.files().size() - known.size();
        if (others > 0 || all.files().isEmpty() || all.linksLeftOut() > 0) {
            talk.accept(folder + ": " + known.size() + " files of known formats, " + others + " others are left out"
                    + (all.linksLeftOut() == 0
                            ? ""
                            : ", as are " + all.linksLeftOut() + " links to folders: name them to read what is there"));
        }
    }

    /** Adds what matches; the names of the folders that it is relative to are no part of the pattern. */
    private void addMatching(Path name) throws IOException {
        Path base = name.getRoot() == null ? Path.of("") : name.getRoot();
        int fixed = 0;
        while (fixed < name.getNameCount() - 1 && isNoPattern(base.resolve(name.getName(fixed)))) {
            base = base.resolve(name.getName(fixed++));
        }
        Path pattern = name.subpath(fixed, name.getNameCount());
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        boolean deep = pattern.toString().contains("**");
        // As a shell does it: * stands for a link too, what ** reaches into has no end with links.
        Links links = deep ? Links.LEFT_OUT : Links.FOLLOWED;
        int depth = deep ? Integer.MAX_VALUE : pattern.getNameCount();
        List<Path> matching = Files.isDirectory(base)
                ? NamedFolder.walk(base, depth, links, path -> HiddenName.isIn(path, pattern), matcher::matches)
                        .files()
                : List.of();
        if (matching.isEmpty()) {
            unusable.add(name + ": no file matches; names that begin with _ or . only match a pattern that does");
        }
        matching.forEach(this::look);
    }

    /** A folder that is there is that folder, whatever its name. */
    private static boolean isNoPattern(Path folder) {
        return !String.valueOf(folder.getFileName()).matches(PATTERN) || Files.isDirectory(folder);
    }

    private static boolean isKnown(Path path) {
        return SourceFormat.isKnown(String.valueOf(path.getFileName()));
    }
}
