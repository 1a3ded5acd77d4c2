package org.bandpass.languagemodel.file;

import ai.djl.engine.Engine;

/** The library that loads libtorch and the native tokenizer. */
public final class Djl {

    private Djl() {}

    public static String version() {
        return Engine.getDjlVersion();
    }

    /** Keeps it from its telemetry and from looking for updates; everything that the CPU needs is on the class path. */
    public static void stayOffline() {
        setUnlessSet("OPT_OUT_TRACKING", "true");
        setUnlessSet("ai.djl.offline", "true");
    }

    /** Sets a property that the library reads; a value of the user's stands. */
    public static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null && System.getenv(property) == null) {
            System.setProperty(property, value);
        }
    }
}
