package org.bandpass.selector;

import org.jspecify.annotations.Nullable;

/** Where a router takes its cuts from; asked once a document, by any thread, so that rank and version belong together. */
interface CutsSource {

    /** Returns the cuts to rank by now, or null where there are none yet. */
    @Nullable
    CutsTable current();
}
