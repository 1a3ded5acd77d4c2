package org.bandpass.cli;

import java.util.Objects;
import org.apache.kafka.common.utils.AppInfoParser;
import org.bandpass.languagemodel.file.Djl;
import picocli.CommandLine.IVersionProvider;

/** The versions of Bandpass and of what it is built on. */
final class Versions implements IVersionProvider {

    private static final String UNKNOWN = "unknown";

    @Override
    public String[] getVersion() {
        String version = Objects.requireNonNullElse(Versions.class.getPackage().getImplementationVersion(), UNKNOWN);
        return new String[] {
            "bandpass " + version + " (" + revision() + ")",
            "java " + Runtime.version() + ", kafka " + AppInfoParser.getVersion() + ", djl " + Djl.version()
        };
    }

    /** Returns the git revision of the build, with a trailing + if the working tree differed from it. */
    static String revision() {
        return Objects.requireNonNullElse(
                System.getProperty("bandpass.revision", System.getenv("BANDPASS_REVISION")), UNKNOWN);
    }
}
