package org.bandpass.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of files that fails as real servers do. */
public final class FileServer implements AutoCloseable {

    /** A file: its content, the size that is announced, its tag. */
    public record Served(byte[] content, long announced, String tag) {

        public static Served of(byte[] content) {
            return new Served(content, content.length, "\"" + content.length + "\"");
        }
    }

    /** A failure of the next request for the file, or for its remainder. */
    public interface Trouble {
        /** Returns after how many bytes of the body the connection is cut; a negative status to send it instead. */
        int cut() throws InterruptedException;
    }

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    public final Map<String, Served> files = new ConcurrentHashMap<>();
    public final Map<String, String> redirects = new ConcurrentHashMap<>();
    public final Queue<Trouble> troubles = new ArrayDeque<>();
    /** Each request: path, range, tag, credentials. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    public boolean ranges = true;
    public boolean tags = true;
    /** Whether requests for a few bytes fail, too. */
    public boolean refusesAll;
    /** Paths that are answered with 403. */
    public final Set<String> forbidden = ConcurrentHashMap.newKeySet();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public FileServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    public void put(String path, byte[] content) {
        files.put(path, Served.of(content));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(path + " " + range + " " + exchange.getRequestHeaders().getFirst("If-Range") + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        Served file = files.get(path);
        if (redirects.containsKey(path)) {
            exchange.getResponseHeaders().set("Location", redirects.get(path));
            exchange.sendResponseHeaders(302, -1);
        } else if (forbidden.contains(path)) {
            exchange.sendResponseHeaders(403, -1);
        } else if (file == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            answer(exchange, file, range);
        }
        exchange.close();
    }

    private void answer(HttpExchange exchange, Served served, String range) throws IOException {
        Matcher matcher = RANGE.matcher(String.valueOf(range));
        boolean look = matcher.matches() && !matcher.group(2).isEmpty();
        int cut = Integer.MAX_VALUE;
        Trouble trouble = look && !refusesAll ? null : troubles.poll();
        Served file = served;
        if (trouble != null) {
            try {
                cut = trouble.cut();
            } catch (InterruptedException e) {
                return;
            }
            file = files.get(exchange.getRequestURI().getPath());
            if (cut < 0) {
                exchange.sendResponseHeaders(-cut, -1);
                return;
            }
        }
        if (tags) {
            exchange.getResponseHeaders().set("ETag", file.tag());
        }
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        boolean part = ranges && matcher.matches() && (ifRange == null || ifRange.equals(file.tag()));
        long from = part ? Long.parseLong(matcher.group(1)) : 0;
        long last = file.announced() - 1;
        if (part && from >= file.content().length) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + file.content().length);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (part && !matcher.group(2).isEmpty()) {
            last = Math.min(last, Long.parseLong(matcher.group(2)));
        }
        if (part) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + last + "/" + file.announced());
        }
        // With 0 this server sends chunks and announces no length.
        exchange.sendResponseHeaders(part ? 206 : 200, file.announced() < 0 ? 0 : last - from + 1);
        send(exchange, file, (int) from, file.announced() < 0 ? file.content().length - 1 : (int) last, cut);
    }

    private static void send(HttpExchange exchange, Served file, int from, int last, int cut) throws IOException {
        int end = Math.min(file.content().length, last + 1);
        OutputStream body = exchange.getResponseBody();
        body.write(file.content(), from, Math.min(cut, end - from));
        body.flush();
        if (cut < end - from || end < last + 1) {
            // The server cuts the connection, as the exchange was not closed, which would end it properly.
            throw new IOException("cut");
        }
        body.close();
    }
}
