package org.bandpass.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.IngestProgress;

/** What was decided before about sources, by name, and by content for those that have been moved. Used by one thread. */
final class KnownSources {

    private final Map<String, IngestProgress> byName = new HashMap<>();
    private final Map<String, List<IngestProgress>> byFingerprint = new HashMap<>();

    KnownSources(Map<String, IngestProgress> before) {
        before.values().forEach(this::put);
    }

    void put(IngestProgress file) {
        remove(file.getPath());
        byName.put(file.getPath(), file);
        if (file.getContent() != null && !HttpLocation.isUrl(file.getPath())) {
            byFingerprint
                    .computeIfAbsent(file.getFingerprint(), fingerprint -> new ArrayList<>())
                    .add(file);
        }
    }

    void remove(String path) {
        IngestProgress before = byName.remove(path);
        if (before != null) {
            byFingerprint
                    .getOrDefault(before.getFingerprint(), new ArrayList<>())
                    .remove(before);
        }
    }

    /** Returns where reading a source begins when it cannot be looked at. */
    FileStart unreadable(Source source) {
        return new FileStart(source, "", 0, byName.get(source.name()), FileStart.State.UNREADABLE);
    }

    /**
     * Returns where reading a source begins. A file of this machine that was not seen under its name is the one with the
     * same content that is gone, if there is one.
     *
     * @throws IOException if it cannot be looked at
     */
    FileStart start(Source source) throws IOException {
        FileStart start = FileStart.of(source, byName.get(source.name()));
        if (start.before() != null || source.path() == null) {
            return start;
        }
        for (IngestProgress known : byFingerprint.getOrDefault(start.fingerprint(), List.of())) {
            if (Files.notExists(Path.of(known.getPath()))
                    && source.contentHash(source.bytes()).equals(known.getContent())) {
                return FileStart.unchanged(source, known);
            }
        }
        return start;
    }
}
