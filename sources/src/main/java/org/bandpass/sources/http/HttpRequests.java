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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.UnusableInputException;
import org.jspecify.annotations.Nullable;

/**
 * Sends GET requests, follows redirects and waits between attempts. Credentials go only to the server of their URL.
 * Thread-safe.
 */
public final class HttpRequests {

    private static final long NANOS = 1_000_000;
    private static final int MOST_REDIRECTS = 5;
    private static final long LONGEST_WAIT = Duration.ofMinutes(1).toMillis();
    /** For a server that refuses everything. */
    private static final long LONGEST_WAIT_AWAY = Duration.ofHours(2).toMillis();
    /** Longest wait that a server may ask for, so that a run does not stop for hours. */
    private static final long LONGEST_WAIT_ASKED = Duration.ofMinutes(10).toMillis();

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /** Time-out, too early, too many requests, and failures of servers and proxies. */
    private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final HttpPatience settings;
    private final Consumer<String> talk;
    /** The last file that each server gave. */
    private final Map<String, HttpLocation> given = new ConcurrentHashMap<>();
    /** Since when servers give nothing, nanoseconds. */
    private final Map<String, Long> awaySince = new ConcurrentHashMap<>();

    private @Nullable HttpClient client;

    /** Sends nothing yet; {@code talk} receives a line when a server gives nothing, and when it answers again. */
    public HttpRequests(HttpPatience settings, Consumer<String> talk) {
        this.settings = settings;
        this.talk = talk;
    }

    /** Created when needed: a client has threads, and most ingests read no URL. */
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
     * @param range value of the header Range, or null for the whole file
     * @param validator value of the header If-Range, or null
     * @return an answer with 200, 206 or 416, which the caller closes
     * @throws SourceFailure if there is nothing to read
     * @throws IOException if another attempt may help
     */
    HttpAnswer get(HttpLocation location, @Nullable String range, @Nullable String validator) throws IOException {
        URI uri = location.uri();
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<DownloadStream> response = send(request(location, uri, range, validator));
            if (!REDIRECTS.contains(response.statusCode())) {
                return checked(location, new HttpAnswer(response));
            }
            response.body().close();
            uri = redirected(uri, response);
        }
        throw new SourceFailure(Rejection.UNREADABLE, "more than " + MOST_REDIRECTS + " redirects");
    }

    /**
     * Waits before the next attempt. After enough failures in a row a file is given up, unless its server answered earlier
     * in this run and refuses everything now: a server that got too many requests may answer 403 to all of them.
     *
     * @param failed attempts in a row that have failed
     * @throws SourceFailure if the file is given up
     * @throws UnusableInputException if the server gives nothing for too long
     */
    void await(HttpLocation location, int failed, IOException failure) throws IOException {
        if (failed >= settings.attempts()) {
            if (!isAway(location)) {
                throw new SourceFailure(
                        Rejection.UNREADABLE,
                        SourceFailure.words(failure) + "; given up after " + failed
                                + (failed == 1 ? " attempt" : " attempts") + ", see " + HttpPatience.ATTEMPTS
                                + "; a second run resumes at this record",
                        failure);
            }
            away(location, SourceFailure.words(failure), pauseMillis(failed, failure));
        }
        try {
            Thread.sleep(pauseMillis(failed, failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a server");
        }
    }

    /** Returns whether the server does not even give the file that it gave last. */
    private boolean isAway(HttpLocation location) {
        HttpLocation last = given.get(server(location.uri()));
        if (last == null) {
            return false;
        }
        try {
            get(last, "bytes=0-0", null).close();
            return false;
        } catch (IOException e) {
            // A refusal is an answer, too.
            return !(e instanceof SourceFailure);
        }
    }

    private void away(HttpLocation location, String why, long pauseMillis) {
        String host = location.uri().getHost();
        long now = System.nanoTime();
        Long since = awaySince.putIfAbsent(server(location.uri()), now);
        if (since != null && now - since > settings.patienceMillis() * NANOS) {
            throw new UnusableInputException(host + " has given nothing for " + duration(settings.patienceMillis())
                    + " (" + why + "), see " + HttpPatience.PATIENCE
                    + "; the files after it were not read, and a second run resumes there");
        }
        talk.accept(host + " gives nothing at present (" + why + "): the next attempt is in " + duration(pauseMillis)
                + ", and the files after it wait");
    }

    private static String duration(long millis) {
        return Duration.ofSeconds(Math.round(millis / 1e3))
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }

    /** Returns how long to wait before the next attempt: longer if the server asks for that. */
    long pauseMillis(int failed, IOException failure) {
        long longest = failed < settings.attempts() ? LONGEST_WAIT : LONGEST_WAIT_AWAY;
        long own = Math.min(longest, (long) settings.backOffMillis() << Math.min(20, failed - 1));
        long asked =
                failure instanceof BusyServerException busy ? busy.retryAfter().toMillis() : 0;
        return Math.max(own, Math.min(LONGEST_WAIT_ASKED, asked));
    }

    private HttpRequest request(HttpLocation location, URI uri, @Nullable String range, @Nullable String validator) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMillis(settings.timeoutMillis()))
                // Sizes and ranges are those of the stored bytes.
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

    /** Returns the scheme, name and port of a server. */
    private static String server(URI uri) {
        return (uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort()).toLowerCase(Locale.ROOT);
    }

    private HttpResponse<DownloadStream> send(HttpRequest request) throws IOException {
        try {
            return client().send(request, info -> new DownloadStream(settings.timeoutMillis()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new IOException(unconnected(request.uri(), e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the answer of a server");
        }
    }

    /** Java's exceptions do not name the host, and rarely the cause. */
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
            boolean known = !location.isEmpty() && HttpLocation.isUrl(to.toString()) && to.getHost() != null;
            boolean downgrade = "https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme());
            if (known && !downgrade) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw new SourceFailure(Rejection.UNREADABLE, "redirected to an invalid URL", e);
        }
        throw new SourceFailure(Rejection.UNREADABLE, "redirected to where Bandpass does not follow");
    }

    private HttpAnswer checked(HttpLocation location, HttpAnswer answer) throws IOException {
        int status = answer.status();
        if (status == 200 || status == 206 || status == 416) {
            given.put(server(location.uri()), location);
            if (awaySince.remove(server(location.uri())) != null) {
                talk.accept(location.uri().getHost() + " answers again");
            }
            return answer;
        }
        answer.close();
        String words = "the server answers " + status;
        if (TEMPORARY.contains(status) || status == 403 && given.containsKey(server(location.uri()))) {
            throw new BusyServerException(words, answer.retryAfter());
        }
        throw switch (status) {
            case 404, 410 -> new SourceFailure(Rejection.MISSING, words + ": there is no such file");
            case 401, 403 -> new SourceFailure(Rejection.UNREADABLE, words + ": permission denied");
            default -> new SourceFailure(Rejection.UNREADABLE, words);
        };
    }
}
