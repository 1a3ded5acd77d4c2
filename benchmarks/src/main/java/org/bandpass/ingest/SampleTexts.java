package org.bandpass.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bandpass.benchmarks.GivenSettings;
import org.bandpass.ingest.SourceRecord.Candidate;
import org.bandpass.service.ProgramFailure;

/** Texts to measure with, read as ingest reads them: of files that the user names, or of the default corpus. */
public final class SampleTexts {

    /** More would only fill memory. */
    private static final int MOST = 40_000;

    private SampleTexts() {}

    /**
     * Returns the names of the files to read.
     *
     * @param inputs what the user named; nothing for the default corpus
     */
    public static List<String> files(List<String> inputs) {
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

    /** Returns settings of ingest with these options. */
    static IngestSettings settings(String... options) {
        return IngestSettings.of(GivenSettings.of(IngestSettings.definition(), options), null, new SequenceOptions());
    }

    /** Returns what the names stand for. */
    static List<Source> sources(List<String> names, IngestSettings settings) {
        return SourceFiles.find(names, new HttpRequests(settings.http(), System.err::println), System.err::println);
    }

    /** Returns texts in an order of chance, the same each time. */
    public static List<String> read(List<String> inputs) {
        IngestSettings settings = settings();
        SourceOpener opener = new SourceOpener(settings);
        List<String> texts = new ArrayList<>();
        for (Source source : sources(files(inputs), settings)) {
            try (RecordReader reader = opener.open(source, bytes -> {})) {
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
