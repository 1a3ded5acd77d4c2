package org.bandpass.schemas;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** A registry that speaks the part of Confluent's protocol that producers and consumers use; ids are global. */
public final class RegistryServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private int failures;

    /** Starts on a free port of loopback. */
    public RegistryServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** Returns its base URL. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Makes the next requests fail. */
    synchronized void fail(int requestsThatFail) {
        failures = requestsThatFail;
    }

    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** Returns the ids of the schemas by subject. */
    public synchronized Map<String, List<Integer>> subjects() {
        return Map.copyOf(subjects);
    }

    synchronized Schema schema(int id) {
        return new Schema.Parser().parse(schemas.get(id - 1));
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            // Some servers lose the body of such a request.
            send(exchange, 400, error(400, "no upgrade"));
        } else if (failures > 0) {
            failures--;
            send(exchange, 503, error(50301, "starting"));
        } else if (exchange.getRequestMethod().equals("POST") && path.matches("/subjects/.+/versions")) {
            register(exchange, path.substring("/subjects/".length(), path.length() - "/versions".length()));
        } else if (path.matches("/schemas/ids/[0-9]+")) {
            int id = Integer.parseInt(path.substring("/schemas/ids/".length()));
            if (id > schemas.size()) {
                send(exchange, 404, error(40403, "Schema not found"));
            } else {
                send(exchange, 200, JSON.createObjectNode().put("schema", schemas.get(id - 1)));
            }
        } else {
            send(exchange, 404, error(404, "HTTP 404 Not Found"));
        }
    }

    private void register(HttpExchange exchange, String subject) throws IOException {
        String text = JSON.readTree(exchange.getRequestBody()).path("schema").asText();
        Schema schema;
        try {
            schema = new Schema.Parser().parse(text);
        } catch (RuntimeException e) {
            send(exchange, 422, error(42201, "Invalid Avro schema"));
            return;
        }
        int at = schemas.indexOf(schema.toString());
        if (at < 0) {
            schemas.add(schema.toString());
            at = schemas.size() - 1;
        }
        int id = at + 1;
        List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        send(exchange, 200, JSON.createObjectNode().put("id", id));
    }

    private static ObjectNode error(int code, String message) {
        return JSON.createObjectNode().put("error_code", code).put("message", message);
    }

    private static void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
