package org.bandpass.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bandpass.sources.record.UnusableInputException;
import org.bandpass.sources.stream.Compression;

/** The dictionary that a person names for files in zstd; looked at before anything is read with it. */
final class ZstdDictionary {

    static final String OPTION = "--zstd-dictionary";

    private ZstdDictionary() {}

    /**
     * Reads a dictionary.
     *
     * @throws UnusableInputException if there is none, it cannot be read, is too long or damaged
     */
    static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] dictionary = in.readNBytes(Compression.LONGEST_DICTIONARY + 1);
            if (dictionary.length > Compression.LONGEST_DICTIONARY) {
                throw new IOException("it has more than " + (Compression.LONGEST_DICTIONARY >> 20) + " MiB");
            }
            Compression.ZSTD
                    .decompress(InputStream.nullInputStream(), dictionary)
                    .close();
            return dictionary;
        } catch (NoSuchFileException e) {
            throw unusable(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw unusable(file, "permission denied", e);
        } catch (IOException e) {
            throw unusable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static UnusableInputException unusable(Path file, String why, IOException cause) {
        return new UnusableInputException(
                "nothing was read, because " + OPTION + " " + file + " cannot be used: " + why, cause);
    }
}
