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

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
