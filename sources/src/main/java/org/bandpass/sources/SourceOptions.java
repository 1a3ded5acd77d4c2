package org.bandpass.sources;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.file.StandardInput;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.UnusableInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options that say what a command reads; mixed into it. */
public final class SourceOptions {

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE|DIR|GLOB|URL|-",
            description =
                    "What to read, in this order; - is standard input. A folder gives the files of known formats in it"
                            + " and below; links to folders in it are left out, unless they are named too. In folders"
                            + " and patterns, names that begin with _ or . are no data, as in Spark. A URL's query is"
                            + " part of its name: signed anew, it is another file.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--list",
            paramLabel = "FILE|URL",
            description = "List of what to read after that, one path or URL a line, plain or gz, as Common Crawl's"
                    + " wet.paths.gz; may be given several times.")
    private List<String> lists = new ArrayList<>();

    @Option(
            names = "--base",
            paramLabel = "URL|DIR",
            description = "What the relative paths of lists are relative to; of Common Crawl's"
                    + " https://data.commoncrawl.org/")
    private @Nullable String base;

    @Option(
            names = "--format",
            paramLabel = "SUFFIX",
            description = "What standard input holds, as the end of a file's name would say: jsonl, txt, warc.gz, … or"
                    + " lines, a text or a JSON object a line.")
    private @Nullable String format;

    @Option(
            names = ZstdDictionary.OPTION,
            paramLabel = "FILE",
            description = "Dictionary with which zst files were compressed.")
    private @Nullable Path dictionary;

    /** Kept, as it may be a pipe. */
    private byte @Nullable [] dictionaryBytes;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Returns whether nothing is named. */
    public boolean isEmpty() {
        return files.isEmpty() && lists.isEmpty();
    }

    /**
     * Returns an opener with the dictionary that is named, if one is.
     *
     * @throws UnusableInputException if it cannot be used
     */
    public SourceOpener opener(SourceOpener opener) {
        return opener.withDictionary(dictionary());
    }

    private byte @Nullable [] dictionary() {
        if (dictionary != null && dictionaryBytes == null) {
            dictionaryBytes = ZstdDictionary.read(dictionary);
        }
        return dictionaryBytes;
    }

    /** Returns the same as {@link #named}, or standard input where nothing is named. */
    public List<Source> namedOrInput(String usualFormat, HttpRequests requests, PrintWriter talk) {
        if (isEmpty()) {
            files.add(StandardInput.NAME);
        }
        return named(usualFormat, requests, talk);
    }

    /**
     * Returns what is named.
     *
     * @param usualFormat format of standard input where none is named, a suffix
     * @param talk receives a line about what is left out
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
                SourceFormat.isKnown(input.fileName()),
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
