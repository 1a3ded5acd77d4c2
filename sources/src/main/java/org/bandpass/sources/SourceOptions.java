package org.bandpass.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.file.StandardInput;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.page.PagePart;
import org.bandpass.sources.record.UnusableInputException;
import org.bandpass.sources.stream.Compression;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options of what a command reads; a mixin. */
public final class SourceOptions {

    private static final String DICTIONARY_OPTION = "--zstd-dictionary";

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE|DIR|GLOB|URL|-",
            description =
                    "What to read, in this order; - is standard input. A folder stands for the files of known formats in"
                            + " it and below; links to folders in it are left out, unless they are named too. In"
                            + " folders and patterns, names that begin with _ or . are not data, as in Spark. A URL's"
                            + " query is part of its name: with a new signature, it is another file.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--list",
            paramLabel = "FILE|URL",
            description = "List of files to read after those, one path or URL a line, plain or gz, as Common Crawl's"
                    + " wet.paths.gz; may be given several times.")
    private List<String> lists = new ArrayList<>();

    @Option(
            names = "--base",
            paramLabel = "URL|DIR",
            description = "What the relative paths in lists are relative to; for Common Crawl's lists"
                    + " https://data.commoncrawl.org/")
    private @Nullable String base;

    @Option(
            names = "--format",
            paramLabel = "SUFFIX",
            description =
                    "Format of standard input, as the suffix of a file name: jsonl, txt, warc.gz, … or lines, a text"
                            + " or a JSON object a line.")
    private @Nullable String format;

    @Option(
            names = DICTIONARY_OPTION,
            paramLabel = "FILE",
            description = "Dictionary with which the zst files were compressed.")
    private @Nullable Path dictionary;

    @Option(
            names = "--page-parts",
            paramLabel = "PART",
            split = ",",
            converter = PartConverter.class,
            description = "Parts of the pages of a crawl that are kept besides their text: captions, bylines,"
                    + " comments (of ingest also the settings ingest.page.captions and so on).")
    private List<PagePart> pageParts = new ArrayList<>();

    /** Kept, as the file may be a pipe. */
    private byte @Nullable [] dictionaryBytes;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Reads a part by its name in small letters, as settings spell it. */
    private static final class PartConverter implements ITypeConverter<PagePart> {
        @Override
        public PagePart convert(String word) {
            for (PagePart part : PagePart.values()) {
                if (part.word().equals(word)) {
                    return part;
                }
            }
            throw new TypeConversionException("no part of pages is called '" + word + "'");
        }
    }

    /** Returns whether no source is named. */
    public boolean isEmpty() {
        return files.isEmpty() && lists.isEmpty();
    }

    /** Returns the opener with the dictionary and the parts of pages that are named. */
    public SourceOpener opener(SourceOpener opener) {
        return opener.withDictionary(dictionary()).keeping(Set.copyOf(pageParts));
    }

    private byte @Nullable [] dictionary() {
        if (dictionary != null && dictionaryBytes == null) {
            try {
                dictionaryBytes = dictionary(dictionary);
            } catch (IOException e) {
                String why = e instanceof NoSuchFileException
                        ? "no such file"
                        : e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
                throw new UnusableInputException(
                        "nothing was read, because " + DICTIONARY_OPTION + " " + dictionary + " cannot be used: " + why,
                        e);
            }
        }
        return dictionaryBytes;
    }

    private static byte[] dictionary(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Compression.LONGEST_DICTIONARY + 1);
            if (bytes.length > Compression.LONGEST_DICTIONARY) {
                throw new IOException("it has more than " + (Compression.LONGEST_DICTIONARY >> 20) + " MiB");
            }
            // Fails if it is damaged.
            Compression.ZSTD.decompress(InputStream.nullInputStream(), bytes).close();
            return bytes;
        }
    }

    /** Returns the same as {@link #named}, or standard input if no source is named. */
    public List<Source> namedOrInput(String usualFormat, HttpRequests requests, PrintWriter talk) {
        if (isEmpty()) {
            files.add(StandardInput.NAME);
        }
        return named(usualFormat, requests, talk);
    }

    /**
     * Returns the sources that are named.
     *
     * @param usualFormat format of standard input without --format, a suffix
     * @param talk receives a line about files that are left out
     * @throws ParameterException if the options contradict each other
     * @throws UnusableInputException if a file, a list or the dictionary is missing or may not be read
     */
    public List<Source> named(String usualFormat, HttpRequests requests, PrintWriter talk) {
        require(
                !files.contains("") && !lists.contains("") && !"".equals(base),
                "an empty argument names nothing to read; the working directory is '.'");
        require(base == null || !lists.isEmpty(), "--base is for the paths in a --list");
        require(format == null || files.contains(StandardInput.NAME), "--format is for standard input, -");
        require(
                Collections.frequency(files, StandardInput.NAME) <= 1,
                "- is standard input, which can be read only once: name it once");
        StandardInput input = StandardInput.of(format == null ? usualFormat : format);
        require(
                SourceFormat.isKnown(Path.of(input.fileName())),
                "--format: no file that is read has a name that ends in " + format);
        List<Source> named = new ArrayList<>(SourceFiles.find(files, input, requests, talk::println));
        for (String list : lists) {
            List<Source> entries = SourceList.read(list, base, requests, dictionary());
            talk.println(String.format(Locale.ROOT, "a list of %,d files", entries.size()));
            named.addAll(entries);
        }
        talk.flush();
        return named;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
