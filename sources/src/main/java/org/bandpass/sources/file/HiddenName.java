package org.bandpass.sources.file;

import java.nio.file.Path;

/**
 * Names that are not data, as Spark and Hive have it: those that begin with a dot, as {@code ._part-0.jsonl}, or with an
 * underscore, as {@code _temporary} and {@code _SUCCESS}; but {@code _year=2024} is a folder of a partition.
 */
public final class HiddenName {

    private HiddenName() {}

    public static boolean is(String name) {
        return name.startsWith(".") || name.startsWith("_") && name.indexOf('=') < 0;
    }

    /** Returns whether a file of that path is, or is in, what has such a name. */
    public static boolean isIn(Path relative) {
        for (Path part : relative) {
            if (is(part.toString())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the same for what matches a pattern, in which names that begin so may be asked for. */
    public static boolean isIn(Path relative, Path pattern) {
        for (Path part : relative) {
            if (is(part.toString()) && !asksFor(pattern, part.toString().charAt(0))) {
                return true;
            }
        }
        return false;
    }

    private static boolean asksFor(Path pattern, char first) {
        for (Path part : pattern) {
            if (part.toString().charAt(0) == first) {
                return true;
            }
        }
        return false;
    }
}
