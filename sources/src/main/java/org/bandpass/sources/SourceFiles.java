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
import org.bandpass.sources.file.Source;
import org.bandpass.sources.file.StandardInput;
import org.bandpass.sources.http.HttpLocation;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.UnusableInputException;

/** Finds the files that arguments name: files, folders, patterns, URLs. */
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
     * Returns the files in the order of the names; those of a folder or pattern are sorted. A folder stands for the files
     * of known formats in it and below, without hidden files and links to folders. URLs are not requested.
     *
     * @param input what - stands for
     * @param talk receives a line about files that are left out
     * @throws UnusableInputException if a file is missing or may not be read
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
        try {
            if (name.equals(StandardInput.NAME)) {
                found.add(input);
            } else if (HttpLocation.isUrl(name)) {
                found.add(HttpLocation.of(name, requests));
            } else {
                addPath(Path.of(name));
            }
        } catch (InvalidPathException | PatternSyntaxException e) {
            unusable.add(name + ": neither file nor pattern: " + e.getMessage());
        } catch (SourceFailure e) {
            // A URL is not quoted: it may hold a password.
            unusable.add("an argument that is " + e.getMessage());
        } catch (IOException e) {
            unusable.add(name + ": " + e.getMessage());
        }
    }

    private void addPath(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            addFolder(path);
        } else if (!Files.exists(path) && path.toString().matches(PATTERN)) {
            addMatching(path);
        } else {
            addFile(path);
        }
    }

    private void addFile(Path path) {
        try {
            found.add(LocalFile.of(path));
        } catch (IOException e) {
            unusable.add(path + ": " + e.getMessage());
        }
    }

    private void addFolder(Path folder) throws IOException {
        NamedFolder all = NamedFolder.walk(folder, Integer.MAX_VALUE, false, HiddenName::isIn, path -> true);
        List<Path> known = all.files().stream().filter(SourceFormat::isKnown).toList();
        known.forEach(this::addFile);
        int others = all.files().size() - known.size();
        if (others > 0 || all.files().isEmpty() || all.linksLeftOut() > 0) {
            talk.accept(folder + ": " + known.size() + " files of known formats, " + others + " others are left out"
                    + (all.linksLeftOut() == 0
                            ? ""
                            : ", as are " + all.linksLeftOut() + " links to folders: name them to read their files"));
        }
    }

    /** Adds the files that match. Leading folders that exist are not part of the pattern. */
    private void addMatching(Path name) throws IOException {
        Path base = name.getRoot() == null ? Path.of("") : name.getRoot();
        int fixed = 0;
        while (fixed < name.getNameCount() - 1 && isLiteral(base.resolve(name.getName(fixed)))) {
            base = base.resolve(name.getName(fixed++));
        }
        Path pattern = name.subpath(fixed, name.getNameCount());
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        boolean deep = pattern.toString().contains("**");
        // As in a shell, * stands for links too. With ** they could lead anywhere.
        int depth = deep ? Integer.MAX_VALUE : pattern.getNameCount();
        List<Path> matching = Files.isDirectory(base)
                ? NamedFolder.walk(base, depth, !deep, path -> HiddenName.isIn(path, pattern), matcher::matches)
                        .files()
                : List.of();
        if (matching.isEmpty()) {
            unusable.add(name + ": no file matches; names that begin with _ or . only match a pattern that does");
        }
        matching.forEach(this::addFile);
    }

    /** A folder that exists is taken literally. */
    private static boolean isLiteral(Path folder) {
        return !String.valueOf(folder.getFileName()).matches(PATTERN) || Files.isDirectory(folder);
    }
}
