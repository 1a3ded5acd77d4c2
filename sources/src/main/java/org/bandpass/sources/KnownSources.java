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

/** Sources that were read before, by name, and by content to find those that were moved. Used by one thread. */
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

    private void remove(@Nullable String name) {
        EarlierRead before = byName.remove(name);
        if (before != null) {
            byFingerprint.getOrDefault(before.fingerprint(), new ArrayList<>()).remove(before);
        }
    }

    /** Notes how far a source was read, and the hash of its content, null if it was not read again. */
    public void read(Resume start, long position, boolean finished, @Nullable String content) {
        remove(start.movedFrom());
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

    /** Returns the start of a source that cannot be opened. */
    public Resume unreadable(Source source) {
        return new Resume(source, "", 0, byName.get(source.name()), Resume.State.UNREADABLE);
    }

    /**
     * Returns where reading a source begins. A local file with a new name may be a known one that was moved: then that has
     * the same content, and its old name is gone.
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
