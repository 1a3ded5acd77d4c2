package org.bandpass.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.OpenTransactionException;
import org.bandpass.schemas.OutageException;
import org.bandpass.schemas.SchemaRegistryException;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Explains a failure to people.
 *
 * @param sentence what failed, why, and what to do if that is known
 * @param expected whether the sentence is enough, without a stack trace
 * @param configuration whether a setting is at fault
 */
record Explanation(String sentence, boolean expected, boolean configuration) {

    private static final String NO_SPACE = "no space left";

    private static final Map<Class<? extends FileSystemException>, String> FILES = Map.of(
            AccessDeniedException.class, "permission denied",
            NoSuchFileException.class, "it does not exist",
            FileAlreadyExistsException.class, "it exists already, perhaps as a file",
            NotDirectoryException.class, "it is not a folder",
            DirectoryNotEmptyException.class, "the folder is not empty");

    /** A disk with fewer free bytes counts as full. */
    private static final long LITTLE_SPACE = 1 << 20;

    /**
     * Explains a failure.
     *
     * @param folders folders and files of the command line, one of which may be on a full disk
     */
    static Explanation of(Throwable thrown, List<Path> folders) {
        Throwable failure = unwrapped(thrown);
        SchemaRegistryException registry = ClientFailure.cause(failure, SchemaRegistryException.class);
        UnknownSchemaException schema = ClientFailure.cause(failure, UnknownSchemaException.class);
        ConfigException setting = ClientFailure.cause(failure, ConfigException.class);
        if (registry != null) {
            return new Explanation(message(registry), true, false);
        }
        if (schema != null && !message(failure).contains(schema.schema())) {
            return new Explanation(unknownSchema(failure, schema), true, false);
        }
        if (setting != null && !(failure instanceof ConfigurationException)) {
            return new Explanation("a setting of Kafka's clients (kafka.*): " + message(setting), true, true);
        }
        boolean expected = isExpected(failure);
        String sentence = expected ? message(failure) : whole(failure);
        String disk = fullDisk(failure, sentence, folders);
        return new Explanation(
                sentence + fileProblem(failure, sentence) + disk,
                expected || !disk.isEmpty(),
                failure instanceof ConfigurationException);
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable failure = thrown;
        while ((failure instanceof ExecutionException || failure instanceof CompletionException)
                && failure.getCause() != null) {
            failure = failure.getCause();
        }
        return failure;
    }

    private static boolean isExpected(Throwable failure) {
        return failure instanceof ProgramFailure
                || failure instanceof ConfigurationException
                || failure instanceof OutageException
                || failure instanceof OpenTransactionException;
    }

    private static String unknownSchema(Throwable failure, UnknownSchemaException schema) {
        RecordDeserializationException record = ClientFailure.cause(failure, RecordDeserializationException.class);
        return record == null
                ? message(schema) + ", probably of a newer version of Bandpass: upgrade this program"
                : schema.at(
                        record.topicPartition().topic(), record.topicPartition().partition(), record.offset());
    }

    /** Returns what to add to the sentence if a disk is full, or an empty text. */
    private static String fullDisk(Throwable failure, String sentence, List<Path> folders) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (message(cause).toLowerCase(Locale.ROOT).contains(NO_SPACE)) {
                String next = "; free some, then start the command again";
                Path folder = folder(cause, folders);
                if (folder != null) {
                    return ": " + NO_SPACE + " on " + folder + next;
                }
                return sentence.toLowerCase(Locale.ROOT).contains(NO_SPACE) ? next : ": " + message(cause) + next;
            }
        }
        return "";
    }

    /** Java's exceptions about files often have only the path as message; their class shows the reason. */
    private static String fileProblem(Throwable failure, String sentence) {
        FileSystemException file = ClientFailure.cause(failure, FileSystemException.class);
        if (file == null || file.getReason() != null || !sentence.contains(message(file))) {
            return "";
        }
        return FILES.entrySet().stream()
                .filter(entry -> entry.getKey().isInstance(file))
                .map(entry -> " (" + entry.getValue() + ")")
                .findFirst()
                .orElse("");
    }

    private static @Nullable Path folder(Throwable cause, List<Path> folders) {
        if (!(cause instanceof FileSystemException file) || file.getFile() == null) {
            return message(cause).contains("/") ? null : full(folders);
        }
        return existing(Path.of(file.getFile()).toAbsolutePath().getParent());
    }

    private static @Nullable Path full(List<Path> folders) {
        return folders.stream()
                .map(Explanation::existing)
                .filter(folder -> folder != null && folder.toFile().getUsableSpace() < LITTLE_SPACE)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Path existing(@Nullable Path named) {
        Path folder = named == null ? null : named.toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** Describes an unexpected failure: its class, its message, and the message of its root cause. */
    private static String whole(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String first = named(failure);
        String last = message(root);
        return last.isEmpty() || first.contains(last) ? first : first + ", because of " + named(root);
    }

    private static String named(Throwable failure) {
        String message = message(failure);
        String name = failure.getClass().getSimpleName();
        return message.isEmpty() ? "a fault in the program (" + name + ")" : name + ": " + message;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message.strip();
    }
}
