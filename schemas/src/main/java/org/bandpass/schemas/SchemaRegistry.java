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
 * Registers schemas and fetches them by id through the Confluent REST API, which Confluent's registry, Karapace,
 * Redpanda and Apicurio ({@code /apis/ccompat/v7}) offer. Answers are cached for ever, as ids never change.
 * Thread-safe.
 */
@NullMarked
final class SchemaRegistry {

    /** Setting of clients, as in Confluent's own serialisers: {@code user:password} for basic authentication. */
    static final String CREDENTIALS = "basic.auth.user.info";

    private static final String JSON = "application/vnd.schemaregistry.v1+json";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 5;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    private record Subject(String name, long fingerprint) {}

    /** Created on first use and shared, because an HTTP client has threads. */
    private static final class Client {
        // Some servers lose the body of a request that offers an upgrade to HTTP/2.
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

    /** Takes the base URL of the API and the credentials, if any; sends no request yet. */
    SchemaRegistry(String url, @Nullable String credentials) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.authorization = credentials == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the id of the schema for values of a topic; registers a new schema.
     *
     * @throws SchemaRegistryException if the registry refuses it or does not answer
     */
    int idOf(String topic, long fingerprint, Schema schema) {
        return ids.computeIfAbsent(new Subject(topic + "-value", fingerprint), subject -> register(subject, schema));
    }

    /**
     * Returns the fingerprint of the schema with an id and makes the schema known; null if the registry has no Avro
     * schema with that id. A missing schema is requested again, because one of several registries may lag.
     *
     * @throws SchemaRegistryException if the registry does not answer
     */
    @Nullable
    Long fingerprint(int id) {
        Long known = fingerprints.get(id);
        if (known == null) {
            Schema schema = fetch(id);
            if (schema == null) {
                KnownSchemas.UNKNOWN_IDS.add(id);
                return null;
            }
            known = KnownSchemas.add(schema);
            fingerprints.put(id, known);
        }
        KnownSchemas.UNKNOWN_IDS.remove(id);
        return known;
    }

    private int register(Subject subject, Schema schema) {
        String path = "/subjects/" + URLEncoder.encode(subject.name(), StandardCharsets.UTF_8) + "/versions";
        String body = mapper.createObjectNode().put("schema", schema.toString()).toString();
        HttpResponse<String> answer = send(request(path)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        JsonNode id = json(answer).path("id");
        if (answer.statusCode() / 100 != 2 || !id.isInt()) {
            throw failure("refuses the schema of " + subject.name() + ": " + problem(answer));
        }
        return id.asInt();
    }

    private @Nullable Schema fetch(int id) {
        HttpResponse<String> answer = send(request("/schemas/ids/" + id).GET().build());
        if (answer.statusCode() == NOT_FOUND) {
            return null;
        }
        if (answer.statusCode() / 100 != 2) {
            throw failure("does not return schema " + id + ": " + problem(answer));
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

    /** Sends a request; repeats it, after growing pauses, while the registry restarts or does not have a schema yet. */
    private HttpResponse<String> send(HttpRequest request) {
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
                throw new SchemaRegistryException("interrupted while waiting for the schema registry at " + url, e);
            }
        }
        if (notFound != null) {
            return notFound;
        }
        throw failure("does not answer: " + problem);
    }

    private SchemaRegistryException failure(String what) {
        return new SchemaRegistryException("the schema registry at " + url + " " + what, null);
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
