package org.bandpass.trainer.run;

import java.util.Locale;

/** Why a run has ended. */
enum EndedBy {
    /** Its tokens are trained. */
    TOKENS,
    /** Its minutes are over. */
    TIME,
    /** It has passed over the data as often as it may. */
    DATA;

    /** Returns the reason as records and results have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
