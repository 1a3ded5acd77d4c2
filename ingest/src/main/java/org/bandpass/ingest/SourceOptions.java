package org.bandpass.ingest;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.service.ProgramFailure;
import org.bandpass.sources.SourceFiles;
import org.bandpass.sources.SourceList;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.http.HttpRequests;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the command is told to read; mixed into it. */
final class SourceOptions {

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE|DIR|GLOB|URL",
            description =
                    "What to read, in this order. A folder gives the files of known formats in it and below; links to"
                            + " folders in it are left out, unless they are named too. In folders and patterns, names"
                            + " that begin with _ or . are no data, as in Spark. A URL's query is part of its name: signed anew,"
                            + " it is another file.")
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
            names = "--follow",
            paramLabel = "DIR",
            description = "Then stay, and read each file that is in the folder or comes into it, once it has stopped"
                    + " growing (setting ingest.follow.settle.ms), until stopped by a signal; may be given several"
                    + " times.")
    private List<Path> folders = new ArrayList<>();

    boolean isEmpty() {
        return files.isEmpty() && lists.isEmpty() && folders.isEmpty();
    }

    /** Returns whether something is named with no character, which paths take for the working directory. */
    boolean hasEmptyName() {
        return files.contains("") || lists.contains("") || "".equals(base) || folders.contains(Path.of(""));
    }

    boolean hasIdleBase() {
        return base != null && lists.isEmpty();
    }

    /**
     * Returns what is named, before what is followed.
     *
     * @param talk is told what is left out
     * @throws ProgramFailure if a file or list is missing or may not be read
     */
    List<Source> named(HttpRequests requests, PrintWriter talk) {
        List<Source> named = new ArrayList<>(SourceFiles.find(files, requests, talk::println));
        for (String list : lists) {
            List<Source> entries = SourceList.read(list, base, requests);
            talk.println(String.format(java.util.Locale.ROOT, "a list of %,d files", entries.size()));
            named.addAll(entries);
        }
        return named;
    }

    /**
     * Returns the folders that are followed.
     *
     * @throws ProgramFailure if one is none
     */
    List<Path> followed() {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new ProgramFailure("there is no folder " + folder + " to follow; create it, or name another");
            }
        }
        return folders;
    }
}
