package org.bandpass.languagemodel.file;

import ai.djl.engine.Engine;

/** The library that loads libtorch and the native tokenizer. */
public final class Djl {

    private Djl() {}

    public static String version() {
        return Engine.getDjlVersion();
    }

    /** Disables its telemetry and its search for updates; everything for the CPU is on the class path. */
    public static void stayOffline() {
        setUnlessSet("OPT_OUT_TRACKING", "true");
        setUnlessSet("ai.djl.offline", "true");
    }

    /** Sets a property of the library unless the user has set it. */
    public static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null && System.getenv(property) == null) {
            System.setProperty(property, value);
        }
    }
}
