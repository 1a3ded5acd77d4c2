package org.bandpass.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bandpass.service.ProgramFailure;
import org.bandpass.sources.SourceFiles;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.file.StandardInput;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.UnusableInputException;

/** Texts to measure with, read as ingest reads them: of files that the user names, or of the default corpus. */
final class SampleTexts {

    /** More would only fill memory. */
    private static final int MOST = 40_000;

    private SampleTexts() {}

    /**
     * Returns the names of the files to read.
     *
     * @param inputs what the user named; nothing for the default corpus
     */
    static List<String> files(List<String> inputs) {
        if (!inputs.isEmpty()) {
            return inputs;
        }
        Path corpus = Path.of(System.getProperty("bandpass.home", "."), "corpus");
        try (Stream<Path> jars = Files.list(corpus)) {
            return jars.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new ProgramFailure("there is no default corpus in " + corpus + "; name files with --input", e);
        }
    }

    /** Returns what the names stand for. */
    static List<Source> sources(List<String> names) {
        try {
            HttpRequests requests = new HttpRequests(HttpPatience.DEFAULT, System.err::println);
            return SourceFiles.find(names, StandardInput.of("jsonl"), requests, System.err::println);
        } catch (UnusableInputException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    /** Returns texts in an order of chance, the same each time. */
    static List<String> read(List<String> inputs) {
        SourceOpener opener = SourceOpener.usual(false);
        List<String> texts = new ArrayList<>();
        for (Source source : sources(files(inputs))) {
            try (RecordReader reader = opener.open(source, stored -> {})) {
                SourceRecord record = reader.next();
                while (record != null && texts.size() < MOST) {
                    if (record instanceof Candidate candidate
                            && !candidate.text().isBlank()) {
                        texts.add(candidate.text());
                    }
                    record = reader.next();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(source.name() + " cannot be read", e);
            }
        }
        Collections.shuffle(texts, new Random(1));
        return texts;
    }
}
