package org.bandpass.scorer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.bandpass.service.ProgramFailure;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.SourceOptions;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.TokenIds;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.bandpass.sources.record.UnusableInputException;
import org.jspecify.annotations.Nullable;

/**
 * The texts of the input of a command, read as ingest reads them with its default settings. Skips empty lines and records
 * that are not meant to hold a text.
 */
final class SourceTexts {

    /** The end of a detail that names a setting, which only ingest has. */
    private static final Pattern SETTING = Pattern.compile("(; see|; raise|, or raise) ingest\\..*");

    private final List<Source> sources;
    private final SourceOpener opener;

    /**
     * Finds the named sources.
     *
     * @param tokenIds whether a record may have token ids
     * @param log receives what is left out
     * @throws ProgramFailure if a source does not exist or cannot be read
     */
    SourceTexts(SourceOptions options, boolean tokenIds, PrintWriter log) {
        try {
            sources = options.namedOrInput("lines", new HttpRequests(HttpPatience.DEFAULT, log::println), log);
            opener = options.opener(SourceOpener.usual(tokenIds));
        } catch (UnusableInputException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    /**
     * Reads all sources once, in order.
     *
     * @param lines receives each line; may refuse it
     * @param refusals receives the id, or the position, of each refused line
     */
    void read(Consumer<TextLine> lines, BiConsumer<String, RefusedLineException> refusals) {
        try {
            sources.forEach(source -> read(source, lines, refusals));
        } catch (UnusableInputException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    private void read(Source source, Consumer<TextLine> lines, BiConsumer<String, RefusedLineException> refusals) {
        long[] position = new long[1];
        SourceFailure failure;
        try {
            failure = opener.read(source.look(), 0, stored -> {}, record -> {
                position[0]++;
                String id = id(record, source.name() + ":" + position[0]);
                try {
                    take(id, record, lines);
                } catch (RefusedLineException e) {
                    refusals.accept(id, e);
                }
            });
        } catch (IOException e) {
            failure = SourceOpener.failure(e);
        }
        if (failure != null) {
            refusals.accept(source.name(), refused(failure.reason(), String.valueOf(failure.getMessage())));
        }
    }

    private static RefusedLineException refused(Rejection reason, String detail) {
        return new RefusedLineException(reason.word(), SETTING.matcher(detail).replaceFirst(""));
    }

    private static String id(SourceRecord record, String position) {
        @Nullable
        String own = record instanceof Candidate text
                ? text.sourceId()
                : record instanceof TokenIds ids ? ids.sourceId() : null;
        return own == null ? position : own;
    }

    private static void take(String id, SourceRecord record, Consumer<TextLine> lines) {
        if (record instanceof Candidate text) {
            lines.accept(new TextLine(id, text.text(), null));
        } else if (record instanceof TokenIds ids) {
            lines.accept(TextLine.ofIds(id, ids));
        } else if (record instanceof Unusable unusable && unusable.reason() != Rejection.EMPTY_LINE) {
            throw refused(unusable.reason(), unusable.detail());
        }
    }
}
