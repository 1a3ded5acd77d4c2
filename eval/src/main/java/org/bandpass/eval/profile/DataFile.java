package org.bandpass.eval.profile;

import java.util.List;

/**
 * A data file that a profile needs, with the hashes by which it is recognised. A hash is {@code git:} with the 40
 * digits of a git blob's SHA-1, or {@code sha256:} with 64 digits, in lower case.
 *
 * @param paths where it may lie, relative to the folder that holds {@code local_data}; the first usable one is taken
 * @param rows number of its rows, 0 if not known
 * @param exact hash of the original
 * @param rebuilt hashes of files that were rebuilt from other sources and ask the same; empty for none
 */
public record DataFile(List<String> paths, int rows, String exact, List<String> rebuilt) {

    public DataFile {
        paths = List.copyOf(paths);
        rebuilt = List.copyOf(rebuilt);
    }

    /** Returns the usual place. */
    public String path() {
        return paths.get(0);
    }
}
