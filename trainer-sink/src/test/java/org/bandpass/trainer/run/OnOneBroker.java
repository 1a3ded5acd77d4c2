package org.bandpass.trainer.run;

import org.bandpass.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests that share a broker; each has its own topics. */
public abstract class OnOneBroker {

    protected static EmbeddedBroker broker;

    protected TrainerTopics topics;

    @BeforeAll
    protected static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    protected static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    protected void openTopics() {
        topics = new TrainerTopics(broker);
    }

    @AfterEach
    protected void closeTopics() {
        topics.close();
    }
}
