package org.bandpass.ingest;

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
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends GET requests: follows redirects, and waits between attempts. Credentials go only to the server for which they
 * were given. Thread-safe.
 */
final class HttpRequests {

    private static final int MOST_REDIRECTS = 5;
    private static final long LONGEST_WAIT = Duration.ofMinutes(1).toMillis();
    /** However long a server asks for: a run shall not stand still for hours without another attempt. */
    private static final long LONGEST_ASKED = Duration.ofMinutes(10).toMillis();

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /** Time-out, too many requests, and what servers and those before them say when they are not well. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final HttpSettings settings;
    private @Nullable HttpClient client;

    HttpRequests(HttpSettings settings) {
        this.settings = settings;
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
                return checked(answer);
            }
            answer.close();
            uri = redirected(uri, response);
        }
        throw new SourceFailure(Rejection.UNREADABLE, "more than " + MOST_REDIRECTS + " redirects");
    }

    /**
     * Counts a failed attempt and waits before the next.
     *
     * @param failed attempts in a row that have failed
     * @throws SourceFailure if there were enough
     */
    void await(int failed, IOException failure) throws IOException {
        if (failed >= settings.attempts()) {
            throw new SourceFailure(
                    Rejection.UNREADABLE,
                    words(failure) + "; given up after " + failed + (failed == 1 ? " attempt" : " attempts") + ", see "
                            + HttpSettings.ATTEMPTS + "; a second run goes on behind it",
                    failure);
        }
        try {
            Thread.sleep(pauseMillis(failed, failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a server");
        }
    }

    /** Returns how long to wait before the next attempt: as long as the server asks, if that is longer than ours. */
    long pauseMillis(int failed, IOException failure) {
        long own = Math.min(LONGEST_WAIT, (long) settings.backOffMillis() << Math.min(20, failed - 1));
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
        if (credentials != null && server(uri).equals(server(location.uri()))) {
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

    private static String server(URI uri) {
        return (uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort()).toLowerCase(Locale.ROOT);
    }

    private static HttpAnswer checked(HttpAnswer answer) throws IOException {
        int status = answer.status();
        if (status == 200 || status == 206 || status == 416) {
            return answer;
        }
        answer.close();
        String words = "the server answers " + status;
        if (PASSING.contains(status)) {
            throw new BusyServerException(words, answer.retryAfter());
        }
        throw switch (status) {
            case 404, 410 -> new SourceFailure(Rejection.MISSING, words + ": there is no such file");
            case 401, 403 -> new SourceFailure(Rejection.UNREADABLE, words + ": permission denied");
            default -> new SourceFailure(Rejection.UNREADABLE, words);
        };
    }
}
