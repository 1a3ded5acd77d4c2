package org.bandpass.selector;

import java.nio.file.Path;
import org.bandpass.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One broker for all tests of a class; topics and a folder of state for each test. */
abstract class SelectorOnABroker {

    private static EmbeddedBroker broker;

    @TempDir
    Path folder;

    SelectorCluster cluster;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeTopics() {
        cluster = new SelectorCluster(broker, folder);
    }

    @AfterEach
    void closeClients() {
        cluster.close();
    }
}
