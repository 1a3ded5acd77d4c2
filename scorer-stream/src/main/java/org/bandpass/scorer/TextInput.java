package org.bandpass.scorer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.bandpass.service.ProgramFailure;

/**
 * Lines of files and of standard input: JSON objects where the first line begins like one, plain text otherwise. Blank
 * lines are passed over.
 */
final class TextInput {

    private static final String STANDARD_INPUT = "-";
    /** Lines of an array, or of a table, would be taken for texts without a word. */
    private static final Pattern JSON_NAME = Pattern.compile("(?i).*\\.(jsonl|ndjson|json)");
    /** Some editors begin UTF-8 with it; it is no part of the text. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Receives the lines, in order. */
    interface Visitor {

        void visit(TextLine line);

        /** Takes a line that cannot be used, refused by the reader or by {@link #visit}. */
        void refuse(RefusedLineException refused);
    }

    private final List<String> files;

    /**
     * Names the input.
     *
     * @param files names, {@code -} for standard input, which none means too
     * @throws ProgramFailure if a file cannot be read
     */
    TextInput(List<String> files) {
        this.files = files.isEmpty() ? List.of(STANDARD_INPUT) : List.copyOf(files);
        for (String file : this.files) {
            if (!file.equals(STANDARD_INPUT) && !Files.isReadable(Path.of(file))) {
                throw new ProgramFailure("there is no file " + file + " to read");
            }
        }
    }

    /** Reads everything once. */
    void read(Visitor visitor) {
        for (String file : files) {
            try (InputStream bytes = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file));
                    BufferedReader reader =
                            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
                read(file, reader, visitor);
            } catch (CharacterCodingException e) {
                throw new ProgramFailure(file + " is not UTF-8 text", e);
            } catch (IOException e) {
                throw new ProgramFailure("cannot read " + file + ": " + e.getMessage(), e);
            }
        }
    }

    private static void read(String file, BufferedReader reader, Visitor visitor) throws IOException {
        Boolean json = null;
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            if (line.isBlank()) {
                continue;
            }
            if (json == null) {
                json = line.stripLeading().startsWith("{");
                if (!json && JSON_NAME.matcher(file).matches()) {
                    throw new ProgramFailure("the name of " + file + " says JSON, but its first line begins with no"
                            + " object; write one object a line, or name it .txt if its lines are texts");
                }
            }
            String where = file + ":" + number;
            try {
                visitor.visit(json ? TextLine.ofJson(where, line) : new TextLine(where, line, null));
            } catch (RefusedLineException e) {
                visitor.refuse(e);
            }
        }
    }
}
