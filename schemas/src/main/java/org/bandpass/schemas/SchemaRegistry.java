package org.bandpass.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * The two requests of the Confluent REST API that records need: register a schema, fetch one by id. Confluent's registry,
 * Karapace, Redpanda and Apicurio ({@code /apis/ccompat/v7}) answer them. Answers are kept for good, as ids never change.
 * Thread-safe.
 */
@NullMarked
final class SchemaRegistry {

    /** Confluent's own serialisers call it so: {@code user:password}, sent as basic authentication. */
    static final String CREDENTIALS = "basic.auth.user.info";

    private static final String JSON = "application/vnd.schemaregistry.v1+json";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 5;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    private record Subject(String name, long fingerprint) {}

    /** Shared, and made only where there is a registry: a client has its own threads. */
    private static final class Client {
        // An upgrade to HTTP/2 without TLS costs some servers the body of the request.
        private static final HttpClient HTTP = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build();
    }

    private final String url;
    private final @Nullable String authorization;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<Subject, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Long> fingerprints = new ConcurrentHashMap<>();

    /**
     * Asks nothing yet.
     *
     * @param url base URL, with the path where the API begins
     * @param credentials {@code user:password}, or null
     */
    SchemaRegistry(String url, @Nullable String credentials) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.authorization = credentials == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the id of a schema of the values of a topic, registered where it is new.
     *
     * @throws SchemaRegistryException if the registry refuses it or does not answer
     */
    int idOf(String topic, long fingerprint, Schema schema) {
        return ids.computeIfAbsent(new Subject(topic + "-value", fingerprint), subject -> register(subject, schema));
    }

    /**
     * Returns the fingerprint of the schema with that id, which is known from now on; null where the registry has none, or
     * none of Avro. A missing schema is asked for again: one registry of several may lag.
     *
     * @throws SchemaRegistryException if the registry does not answer
     */
    @Nullable
    Long fingerprint(int id) {
        Long known = fingerprints.get(id);
        if (known != null) {
            return known;
        }
        Schema schema = fetch(id);
        if (schema == null) {
            return null;
        }
        long fingerprint = KnownSchemas.add(schema);
        fingerprints.put(id, fingerprint);
        return fingerprint;
    }

    private int register(Subject subject, Schema schema) {
        String path = "/subjects/" + URLEncoder.encode(subject.name(), StandardCharsets.UTF_8) + "/versions";
        String body = mapper.createObjectNode().put("schema", schema.toString()).toString();
        HttpResponse<String> answer = ask(request(path)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        JsonNode id = json(answer).path("id");
        if (answer.statusCode() / 100 != 2 || !id.isInt()) {
            throw new SchemaRegistryException(
                    "the schema registry at " + url + " refuses the schema of " + subject.name() + ": "
                            + problem(answer),
                    null);
        }
        return id.asInt();
    }

    private @Nullable Schema fetch(int id) {
        HttpResponse<String> answer = ask(request("/schemas/ids/" + id).GET().build());
        if (answer.statusCode() == NOT_FOUND) {
            return null;
        }
        if (answer.statusCode() / 100 != 2) {
            throw new SchemaRegistryException(
                    "the schema registry at " + url + " does not give schema " + id + ": " + problem(answer), null);
        }
        JsonNode body = json(answer);
        if (!body.path("schemaType").asText("AVRO").equals("AVRO")) {
            return null;
        }
        try {
            return new Schema.Parser().parse(body.path("schema").asText());
        } catch (AvroRuntimeException e) {
            return null;
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT).header("Accept", JSON);
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    /** Asks again, with growing pauses, while the registry restarts or has not heard of a schema yet. */
    private HttpResponse<String> ask(HttpRequest request) {
        String problem = "";
        HttpResponse<String> notFound = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Thread.sleep(attempt == 0 ? 0 : FIRST_PAUSE_MILLIS << attempt);
                HttpResponse<String> answer = Client.HTTP.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() < SERVER_ERROR && answer.statusCode() != NOT_FOUND) {
                    return answer;
                }
                notFound = answer.statusCode() == NOT_FOUND ? answer : null;
                problem = problem(answer);
            } catch (IOException e) {
                problem = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SchemaRegistryException("interrupted while the schema registry at " + url + " was asked", e);
            }
        }
        if (notFound != null) {
            return notFound;
        }
        throw new SchemaRegistryException("the schema registry at " + url + " does not answer: " + problem, null);
    }

    private JsonNode json(HttpResponse<String> answer) {
        try {
            JsonNode node = mapper.readTree(answer.body());
            return node == null ? mapper.nullNode() : node;
        } catch (IOException e) {
            return mapper.nullNode();
        }
    }

    private String problem(HttpResponse<String> answer) {
        return "HTTP " + answer.statusCode() + " "
                + json(answer).path("message").asText("");
    }
}
