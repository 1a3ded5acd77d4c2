package org.bandpass.cli;

import org.apache.kafka.common.utils.AppInfoParser;
import org.bandpass.languagemodel.file.Djl;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** What this program is made of, for people and for provenance. */
final class Versions implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "bandpass " + bandpass() + " (" + revision() + ")",
            "java " + java() + ", kafka " + kafka() + ", djl " + djl()
        };
    }

    static String bandpass() {
        return orUnknown(Versions.class.getPackage().getImplementationVersion());
    }

    /** Returns the git revision that was built, with a trailing + when the tree differed from it. */
    static String revision() {
        return orUnknown(System.getProperty("bandpass.revision", System.getenv("BANDPASS_REVISION")));
    }

    static String java() {
        return Runtime.version().toString();
    }

    static String kafka() {
        return AppInfoParser.getVersion();
    }

    static String djl() {
        return Djl.version();
    }

    private static String orUnknown(@Nullable String value) {
        return value == null ? "unknown" : value;
    }
}
