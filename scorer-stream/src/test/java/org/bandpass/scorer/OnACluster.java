package org.bandpass.scorer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.bandpass.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics and a tokenizer for each test; one broker for all classes of such tests. */
abstract class OnACluster {

    @RegisterExtension
    static final SharedBroker SHARED = new SharedBroker();

    ScorerCluster cluster;

    @BeforeEach
    void makeTopics() {
        cluster = new ScorerCluster(SHARED.broker());
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    static EmbeddedBroker broker() {
        return SHARED.broker();
    }

    /** Returns the folder of a tokenizer.json. */
    static Path tokenizer() {
        return SHARED.started.tokenizer;
    }

    /** Scores the documents that exist now with a model that gives each token the same likelihood. */
    void catchUp(String... assignments) {
        try (ReferenceModel model = TestModels.uniform(tokenizer())) {
            cluster.catchUp(model, assignments);
        }
    }

    /** Starts the broker with the first class; JUnit ends it after the last. */
    static final class SharedBroker implements BeforeAllCallback {

        private Started started;

        EmbeddedBroker broker() {
            return started.broker;
        }

        @Override
        public void beforeAll(ExtensionContext context) {
            started = context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Started.class, key -> new Started(), Started.class);
        }
    }

    private static final class Started implements AutoCloseable {

        private final Path folder;
        private final EmbeddedBroker broker;
        private final Path tokenizer;

        Started() {
            try {
                folder = Files.createTempDirectory("scorer-tests");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // Members learn their partitions with a heartbeat, so frequent ones make fast tests.
            broker = EmbeddedBroker.start(
                    folder.resolve("broker"),
                    "localhost",
                    0,
                    Map.of(
                            "group.consumer.heartbeat.interval.ms", "100",
                            "group.consumer.min.heartbeat.interval.ms", "100",
                            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"));
            tokenizer = TestModels.tokenizer(folder);
        }

        @Override
        public void close() throws IOException {
            broker.close();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }
}
