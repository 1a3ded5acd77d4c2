package org.bandpass.eval.profile;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was found in the place of a data file.
 *
 * @param path where it lies, or where it was expected if it is missing
 * @param sha256 SHA-256 of its bytes in hexadecimal digits; null if it is missing
 */
public record FileCheck(
        DataFile file, Path path, DataState state, @Nullable String sha256) {}
