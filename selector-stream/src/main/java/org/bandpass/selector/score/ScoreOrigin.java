package org.bandpass.selector.score;

import java.util.Objects;
import org.apache.avro.util.Utf8;
import org.bandpass.schemas.Score;
import org.jspecify.annotations.Nullable;

/**
 * What else than the model made a score: the type of numbers, the cap on windows, the context of the first token. Scores
 * that differ in it are different populations. Holds the last record's; one thread at a time.
 */
public final class ScoreOrigin {

    /** How a score was made whose record does not say it. */
    public static final String NOT_RECORDED = "";

    private final Utf8 dtype = new Utf8();
    private @Nullable Integer maxWindows;
    private @Nullable Integer contextToken;

    // Nearly every record is made as the one before.
    private final Utf8 lastDtype = new Utf8();
    private @Nullable Integer lastMaxWindows;
    private @Nullable Integer lastContextToken;
    private String lastText = NOT_RECORDED;

    void clear() {
        dtype.setByteLength(0);
        maxWindows = null;
        contextToken = null;
    }

    void set(Score score) {
        dtype.set(score.getDtype() == null ? "" : score.getDtype());
        maxWindows = score.getMaxWindows();
        contextToken = score.getContextToken();
    }

    /** Returns the buffer of the type of numbers. */
    Utf8 dtype() {
        return dtype;
    }

    void maxWindows(@Nullable Integer cap) {
        maxWindows = cap;
    }

    void contextToken(@Nullable Integer id) {
        contextToken = id;
    }

    /** Returns it in words, {@link #NOT_RECORDED} where nothing was recorded. */
    String text() {
        boolean same = dtype.equals(lastDtype)
                && Objects.equals(maxWindows, lastMaxWindows)
                && Objects.equals(contextToken, lastContextToken);
        if (!same) {
            lastDtype.set(dtype);
            lastMaxWindows = maxWindows;
            lastContextToken = contextToken;
            lastText = words();
        }
        return lastText;
    }

    private String words() {
        if (dtype.getByteLength() == 0 && maxWindows == null && contextToken == null) {
            return NOT_RECORDED;
        }
        return "dtype " + (dtype.getByteLength() == 0 ? "?" : dtype) + ", max.windows "
                + (maxWindows == null ? "?" : maxWindows) + ", context token "
                + (contextToken == null ? "?" : contextToken);
    }
}
