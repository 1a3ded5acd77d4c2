package org.bandpass.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.http.HttpLocation;
import org.jspecify.annotations.Nullable;

/** What was decided before about sources, by name, and by content for those that have been moved. Used by one thread. */
public final class KnownSources {

    private final Map<String, EarlierRead> byName = new HashMap<>();
    private final Map<String, List<EarlierRead>> byFingerprint = new HashMap<>();

    public KnownSources(Collection<EarlierRead> before) {
        before.forEach(this::put);
    }

    private void put(EarlierRead file) {
        remove(file.name());
        byName.put(file.name(), file);
        if (file.content() != null && !HttpLocation.isUrl(file.name())) {
            byFingerprint
                    .computeIfAbsent(file.fingerprint(), fingerprint -> new ArrayList<>())
                    .add(file);
        }
    }

    /**
     * Takes how far a source was read.
     *
     * @param content hash of its content, or null where it was not read anew
     */
    public void read(Resume start, long position, boolean finished, @Nullable String content) {
        String old = start.movedFrom();
        if (old != null) {
            remove(old);
        }
        Source source = start.source();
        put(new EarlierRead(
                source.name(),
                source.bytes(),
                source.version(),
                start.fingerprint(),
                content == null ? start.contentBefore() : content,
                position,
                finished));
    }

    private void remove(String path) {
        EarlierRead before = byName.remove(path);
        if (before != null) {
            byFingerprint.getOrDefault(before.fingerprint(), new ArrayList<>()).remove(before);
        }
    }

    /** Returns where reading a source begins when it cannot be looked at. */
    public Resume unreadable(Source source) {
        return new Resume(source, "", 0, byName.get(source.name()), Resume.State.UNREADABLE);
    }

    /**
     * Returns where reading a source begins. A file of this machine that was not seen under its name is the one with the
     * same content that is gone, if there is one.
     *
     * @throws IOException if it cannot be looked at
     */
    public Resume start(Source source) throws IOException {
        Resume start = Resume.of(source, byName.get(source.name()));
        if (start.before() != null || source.path() == null) {
            return start;
        }
        for (EarlierRead known : byFingerprint.getOrDefault(start.fingerprint(), List.of())) {
            if (Files.notExists(Path.of(known.name()))
                    && source.contentHash(source.bytes()).equals(known.content())) {
                return Resume.unchanged(source, known);
            }
        }
        return start;
    }
}
