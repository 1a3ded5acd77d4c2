package org.bandpass.sources.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.UnusableInputException;
import org.jspecify.annotations.Nullable;

/**
 * Sends GET requests: follows redirects, and waits between attempts. Credentials go only to the server for which they
 * were given. Thread-safe.
 */
public final class HttpRequests {

    private static final int MOST_REDIRECTS = 5;
    private static final long LONGEST_WAIT = Duration.ofMinutes(1).toMillis();
    /** For a server that refuses everything. */
    private static final long LONGEST_REST = Duration.ofHours(2).toMillis();
    /** However long a server asks for: a run shall not stand still for hours without another attempt. */
    private static final long LONGEST_ASKED = Duration.ofMinutes(10).toMillis();

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /** Time-out, too many requests, and what servers and those before them say when they are not well. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final HttpPatience settings;
    private final HttpHosts hosts;
    private @Nullable HttpClient client;

    /**
     * Has asked nobody yet.
     *
     * @param talk receives a line about each server that is left alone
     */
    public HttpRequests(HttpPatience settings, Consumer<String> talk) {
        this.settings = settings;
        this.hosts = new HttpHosts(talk);
    }

    /** A client has threads of its own, and most ingests read no URL. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofMillis(settings.timeoutMillis()))
                    .build();
        }
        return client;
    }

    /**
     * Sends one request.
     *
     * @param range value of the header Range, or null for all of it
     * @param validator value of the header If-Range, or null
     * @return an answer with 200, 206 or 416; to be closed
     * @throws SourceFailure if there is nothing to be read
     * @throws IOException if another attempt may help
     */
    HttpAnswer get(HttpLocation location, @Nullable String range, @Nullable String validator) throws IOException {
        URI uri = location.uri();
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<DownloadStream> response = send(request(location, uri, range, validator));
            HttpAnswer answer = new HttpAnswer(response);
            if (!REDIRECTS.contains(response.statusCode())) {
                return checked(location, answer);
            }
            answer.close();
            uri = redirected(uri, response);
        }
        throw new SourceFailure(Rejection.UNREADABLE, "more than " + MOST_REDIRECTS + " redirects");
    }

    /**
     * Counts a failed attempt and waits before the next. After enough in a row a file is given up, unless its server has
     * answered in this run and answers nothing now: one that has had too many requests says 403 to all of them.
     *
     * @param failed attempts in a row that have failed
     * @throws SourceFailure if there were enough
     * @throws UnusableInputException if the server is away for too long
     */
    void await(HttpLocation location, int failed, IOException failure) throws IOException {
        if (failed >= settings.attempts()) {
            if (!isAway(location)) {
                throw new SourceFailure(
                        Rejection.UNREADABLE,
                        words(failure) + "; given up after " + failed + (failed == 1 ? " attempt" : " attempts")
                                + ", see " + HttpPatience.ATTEMPTS + "; a second run resumes at this record",
                        failure);
            }
            hosts.away(location, words(failure), settings.patienceMillis(), pauseMillis(failed, failure));
        }
        try {
            Thread.sleep(pauseMillis(failed, failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a server");
        }
    }

    /** Asks for what the server has given before. */
    private boolean isAway(HttpLocation location) {
        HttpLocation given = hosts.given(location);
        if (given == null) {
            return false;
        }
        try {
            get(given, "bytes=0-0", null).close();
            return false;
        } catch (SourceFailure e) {
            // An answer, too.
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Returns how long to wait before the next attempt: as long as the server asks, if that is longer than ours. */
    long pauseMillis(int failed, IOException failure) {
        long longest = failed < settings.attempts() ? LONGEST_WAIT : LONGEST_REST;
        long own = Math.min(longest, (long) settings.backOffMillis() << Math.min(20, failed - 1));
        long asked = failure instanceof BusyServerException busy ? busy.after().toMillis() : 0;
        return Math.max(own, Math.min(LONGEST_ASKED, asked));
    }

    private static String words(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private HttpRequest request(HttpLocation location, URI uri, @Nullable String range, @Nullable String validator) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMillis(settings.timeoutMillis()))
                // What is stored is wanted, whose size and ranges are known.
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "bandpass-ingest");
        if (range != null) {
            request.header("Range", range);
        }
        if (validator != null) {
            request.header("If-Range", validator);
        }
        String credentials = location.credentials();
        if (credentials != null && HttpHosts.server(uri).equals(HttpHosts.server(location.uri()))) {
            request.header("Authorization", credentials);
        }
        return request.build();
    }

    private HttpResponse<DownloadStream> send(HttpRequest request) throws IOException {
        try {
            return client().send(request, info -> new DownloadStream(settings.timeoutMillis()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new IOException(unconnected(request.uri(), e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking a server");
        }
    }

    /** Java's own exceptions do not say with whom there is no connection, and hardly why. */
    private static String unconnected(URI uri, IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no address is known of the host " + uri.getHost();
            }
        }
        String server = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        return "no connection to " + server + ": "
                + (failure instanceof HttpConnectTimeoutException ? "it does not answer" : "refused, or unreachable");
    }

    private static URI redirected(URI from, HttpResponse<?> response) throws SourceFailure {
        String location = response.headers().firstValue("Location").orElse("");
        try {
            URI to = from.resolve(location);
            boolean known = HttpLocation.isUrl(to.toString()) && to.getHost() != null;
            if (location.isEmpty() || !known || (isSecure(from) && !isSecure(to))) {
                throw new SourceFailure(Rejection.UNREADABLE, "redirected to where Bandpass does not follow");
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new SourceFailure(Rejection.UNREADABLE, "redirected to what is no URL", e);
        }
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private HttpAnswer checked(HttpLocation location, HttpAnswer answer) throws IOException {
        int status = answer.status();
        if (status == 200 || status == 206 || status == 416) {
            hosts.answered(location);
            return answer;
        }
        answer.close();
        String words = "the server answers " + status;
        if (PASSING.contains(status) || status == 403 && hosts.given(location) != null) {
            throw new BusyServerException(words, answer.retryAfter());
        }
        throw switch (status) {
            case 404, 410 -> new SourceFailure(Rejection.MISSING, words + ": there is no such file");
            case 401, 403 -> new SourceFailure(Rejection.UNREADABLE, words + ": permission denied");
            default -> new SourceFailure(Rejection.UNREADABLE, words);
        };
    }
}
