package org.bandpass.sources.page;

import java.util.Locale;

/** Parts of a page that are no part of its text unless a user asks for them. */
public enum PagePart {
    /** What is written below pictures. */
    CAPTIONS,
    /** Who wrote the page, and when. */
    BYLINES,
    /** What readers wrote below it. */
    COMMENTS;

    /** Returns the name as settings and options spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
