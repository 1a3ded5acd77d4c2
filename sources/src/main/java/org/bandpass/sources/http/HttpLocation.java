package org.bandpass.sources.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/**
 * A URL that was not requested yet. Its name, in progress records and messages, is the URL without secrets: user and
 * password are left out, and the query is replaced by the beginning of its hash.
 */
public final class HttpLocation implements Source {

    /** Bytes of the hash that are in the name. */
    private static final int HASH = 6;

    private final URI uri;
    private final String name;
    private final @Nullable String credentials;
    private final HttpRequests requests;

    private HttpLocation(URI uri, String name, @Nullable String credentials, HttpRequests requests) {
        this.uri = uri;
        this.name = name;
        this.credentials = credentials;
        this.requests = requests;
    }

    public static boolean isUrl(String name) {
        return name.regionMatches(true, 0, "http://", 0, 7) || name.regionMatches(true, 0, "https://", 0, 8);
    }

    /** Parses a URL; fails if it is invalid, with a message that quotes nothing of it. */
    public static HttpLocation of(String url, HttpRequests requests) throws SourceFailure {
        try {
            URI given = new URI(url.strip());
            if (given.getHost() == null) {
                throw new SourceFailure(Rejection.UNREADABLE, "a URL without a host");
            }
            String port = given.getPort() < 0 ? "" : ":" + given.getPort();
            String path = given.getRawPath().isEmpty() ? "/" : given.getRawPath();
            String base = given.getScheme() + "://" + given.getHost() + port + path;
            String query = given.getRawQuery();
            String user = given.getUserInfo();
            return new HttpLocation(
                    new URI(query == null ? base : base + "?" + query),
                    query == null ? base : base + "?" + hash(query),
                    user == null ? null : "Basic " + Base64.getEncoder().encodeToString(bytes(user)),
                    requests);
        } catch (URISyntaxException e) {
            throw new SourceFailure(
                    Rejection.UNREADABLE, "not a URL: " + e.getReason() + " at character " + e.getIndex());
        }
    }

    private static String hash(String query) {
        return HexFormat.of().formatHex(LocalFile.sha256().digest(bytes(query)), 0, HASH);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    URI uri() {
        return uri;
    }

    @Nullable
    String credentials() {
        return credentials;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fileName() {
        String path = uri.getRawPath();
        // A plus sign is a plus sign in a path.
        return URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public Source look() throws IOException {
        return HttpSource.look(this, requests);
    }

    @Override
    public InputStream open() throws IOException {
        return look().open();
    }
}
