package org.bandpass.languagemodel;

import ai.djl.engine.Engine;

/** What the engine is, for provenance. */
public final class EngineVersion {

    private EngineVersion() {}

    /** Returns the version of DJL. */
    public static String djl() {
        return Engine.getDjlVersion();
    }
}
