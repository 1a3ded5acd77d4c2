package org.bandpass.scorer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
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

/**
 * The texts of what a command names, read as ingest reads them with the settings it has by default. Empty lines and what
 * is not meant to hold a text are passed over; everything else is a line or a refusal.
 */
final class SourceTexts {

    /** A line is a text or a JSON object. */
    private static final String USUAL_FORMAT = "lines";

    /** The end of a detail that names a setting, which only ingest has. */
    private static final Pattern SETTING = Pattern.compile("(; see|; raise|, or raise) ingest\\..*");

    private final List<Source> sources;
    private final SourceOpener opener;

    private SourceTexts(List<Source> sources, SourceOpener opener) {
        this.sources = sources;
        this.opener = opener;
    }

    /**
     * Finds what is named.
     *
     * @param tokenIds whether a record may have token ids
     * @param talk is told what is left out
     * @throws ProgramFailure if something is missing or may not be read
     */
    static SourceTexts of(SourceOptions options, boolean tokenIds, PrintWriter talk) {
        try {
            return new SourceTexts(
                    options.namedOrInput(USUAL_FORMAT, new HttpRequests(HttpPatience.DEFAULT, talk::println), talk),
                    options.opener(SourceOpener.usual(tokenIds)));
        } catch (UnusableInputException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    /**
     * Reads everything once.
     *
     * @param lines receives the lines in order; may refuse one
     * @param refusals receives what cannot be used, in its place
     */
    void read(Consumer<TextLine> lines, Consumer<RefusedLineException> refusals) {
        try {
            sources.forEach(source -> read(source, lines, refusals));
        } catch (UnusableInputException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    private void read(Source named, Consumer<TextLine> lines, Consumer<RefusedLineException> refusals) {
        long[] position = new long[1];
        SourceFailure failure;
        try {
            failure = opener.read(named.look(), 0, stored -> {}, record -> {
                try {
                    position[0]++;
                    take(named.name() + ":" + position[0], record, lines);
                } catch (RefusedLineException e) {
                    refusals.accept(e);
                }
            });
        } catch (IOException e) {
            failure = SourceOpener.failure(e);
        }
        if (failure != null) {
            refusals.accept(refused(named.name(), failure.reason(), String.valueOf(failure.getMessage())));
        }
    }

    private static RefusedLineException refused(String where, Rejection reason, String detail) {
        return new RefusedLineException(
                where, reason.word(), SETTING.matcher(detail).replaceFirst(""));
    }

    private static void take(String where, SourceRecord record, Consumer<TextLine> lines) {
        if (record instanceof Candidate text) {
            lines.accept(new TextLine(text.sourceId() == null ? where : text.sourceId(), text.text(), null));
        } else if (record instanceof TokenIds ids) {
            lines.accept(TextLine.ofIds(ids.sourceId() == null ? where : ids.sourceId(), ids));
        } else if (record instanceof Unusable unusable && unusable.reason() != Rejection.EMPTY_LINE) {
            throw refused(where, unusable.reason(), unusable.detail());
        }
    }
}
