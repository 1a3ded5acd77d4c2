package org.bandpass.sources.http;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.bandpass.sources.record.UnusableInputException;
import org.jspecify.annotations.Nullable;

/** What this run knows of servers: what they have given, and since when they give nothing. Thread-safe. */
final class HttpHosts {

    private static final long NANOS = 1_000_000;

    private final Consumer<String> talk;
    private final Map<String, HttpLocation> given = new HashMap<>();
    private final Map<String, Long> awaySince = new HashMap<>();

    HttpHosts(Consumer<String> talk) {
        this.talk = talk;
    }

    /** Returns a server's scheme, name and port. */
    static String server(URI uri) {
        return (uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort()).toLowerCase(Locale.ROOT);
    }

    /** Takes that a server has given something. */
    synchronized void answered(HttpLocation location) {
        String server = server(location.uri());
        given.put(server, location);
        if (awaySince.remove(server) != null) {
            talk.accept(location.uri().getHost() + " answers again");
        }
    }

    /** Returns what the server of a location gave last, or null. */
    synchronized @Nullable HttpLocation given(HttpLocation location) {
        return given.get(server(location.uri()));
    }

    /**
     * Takes that a server gives nothing.
     *
     * @param pauseMillis how long it is left alone now
     * @throws UnusableInputException if that has lasted too long
     */
    synchronized void away(HttpLocation location, String why, long patienceMillis, long pauseMillis) {
        String host = location.uri().getHost();
        long now = System.nanoTime();
        Long since = awaySince.putIfAbsent(server(location.uri()), now);
        if (since != null && now - since > patienceMillis * NANOS) {
            throw new UnusableInputException(host + " has given nothing for " + duration(patienceMillis)
                    + " ("
                    + why + "), see " + HttpPatience.PATIENCE + "; what comes after was not read, and a second run"
                    + " resumes there");
        }
        talk.accept(host + " gives nothing any more (" + why + "): it is left alone for " + duration(pauseMillis)
                + ", and the files after it wait");
    }

    private static String duration(long millis) {
        return Duration.ofSeconds(Math.round(millis / 1e3))
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }
}
