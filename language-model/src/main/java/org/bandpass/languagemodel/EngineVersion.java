package org.bandpass.languagemodel;

import ai.djl.engine.EngineProvider;

/** What the engine is, for provenance. */
public final class EngineVersion {

    private EngineVersion() {}

    /** Returns the version of DJL, or "unknown" where its jar does not say. */
    public static String djl() {
        String version = EngineProvider.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
