package org.bandpass.sources.file;

import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Names that are not data, as in Spark and Hive: they begin with a dot, as {@code ._part-0.jsonl}, or with an underscore,
 * as {@code _temporary} and {@code _SUCCESS}. But {@code _year=2024} is the folder of a partition.
 */
public final class HiddenName {

    private HiddenName() {}

    private static boolean is(String name) {
        return name.startsWith(".") || name.startsWith("_") && name.indexOf('=') < 0;
    }

    /** Returns whether a part of the path is hidden. */
    public static boolean isIn(Path relative) {
        return names(relative).anyMatch(HiddenName::is);
    }

    /** Returns whether a part of the path is hidden and no part of the pattern begins with the same character. */
    public static boolean isIn(Path relative, Path pattern) {
        return names(relative)
                .filter(HiddenName::is)
                .anyMatch(name -> names(pattern).noneMatch(part -> part.charAt(0) == name.charAt(0)));
    }

    private static Stream<String> names(Path path) {
        return StreamSupport.stream(path.spliterator(), false).map(Path::toString);
    }
}
