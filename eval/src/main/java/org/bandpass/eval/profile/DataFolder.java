package org.bandpass.eval.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.service.ProgramFailure;

/**
 * The data files of evaluation tasks: the folder that holds {@code local_data}, or {@code local_data} itself. Hashes a
 * file once, and again after it was replaced. Safe for use by several threads.
 */
public final class DataFolder {

    private static final String LOCAL = "local_data";

    private final Path local;
    private final Path beside;
    private final Map<DataFile, Checked> checks = new HashMap<>();

    /** A check, with sizes and times of the files that it saw. */
    private record Checked(FileCheck check, List<String> stamps) {}

    private DataFolder(Path local, Path beside) {
        this.local = local;
        this.beside = beside;
    }

    /**
     * Opens a folder.
     *
     * @throws ProgramFailure if there is none
     */
    public static DataFolder of(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ProgramFailure("there is no folder " + folder
                    + "; name the folder that holds local_data, which has the data files of the tasks");
        }
        Path inside = folder.resolve(LOCAL);
        if (Files.isDirectory(inside)) {
            return new DataFolder(inside, folder);
        }
        Path parent = folder.toAbsolutePath().normalize().getParent();
        return new DataFolder(folder, parent == null ? folder : parent);
    }

    /**
     * Returns what is in the place of a file. Of several places the one with the best state counts, and of equal ones
     * the first.
     *
     * @throws ProgramFailure if a file cannot be read
     */
    public synchronized FileCheck check(DataFile file) {
        List<String> stamps =
                file.paths().stream().map(path -> stamp(resolve(path))).toList();
        Checked checked = checks.get(file);
        if (checked == null || !checked.stamps().equals(stamps)) {
            checked = new Checked(hash(file), stamps);
            checks.put(file, checked);
        }
        return checked.check();
    }

    /** Returns what changes when a file is replaced. */
    private static String stamp(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.size(path) + " " + Files.getLastModifiedTime(path) : "";
        } catch (IOException e) {
            throw new ProgramFailure("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private FileCheck hash(DataFile file) {
        List<FileCheck> found = new ArrayList<>();
        for (String path : file.paths()) {
            Path at = resolve(path);
            found.add(Files.isRegularFile(at) ? compared(file, at) : new FileCheck(file, at, DataState.MISSING, null));
        }
        return found.stream()
                .min(Comparator.comparing(FileCheck::state))
                .orElseThrow(() -> new IllegalArgumentException("a data file without a path"));
    }

    private Path resolve(String path) {
        return path.startsWith(LOCAL + "/") ? local.resolve(path.substring(LOCAL.length() + 1)) : beside.resolve(path);
    }

    private static FileCheck compared(DataFile file, Path path) {
        FileHashes hashes;
        try {
            hashes = FileHashes.of(path);
        } catch (IOException e) {
            throw new ProgramFailure("cannot read " + path + ": " + e.getMessage(), e);
        }
        DataState state = DataState.ALTERED;
        if (hashes.match(file.exact())) {
            state = DataState.EXACT;
        } else if (file.rebuilt().stream().anyMatch(hashes::match)) {
            state = DataState.REBUILT;
        }
        return new FileCheck(file, path, state, hashes.sha256());
    }
}
