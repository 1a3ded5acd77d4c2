package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Properties of the clients that all programs rely on. */
class ClientsTest {

    @Test
    void nothingIsLeftToWriteWhenACommitBegins() {
        List<String> calls = new ArrayList<>();
        try (MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized void flush() {
                        calls.add("flush");
                        super.flush();
                    }

                    @Override
                    public void commitTransaction() {
                        calls.add("commit");
                        super.commitTransaction();
                    }
                }) {
            producer.initTransactions();
            producer.beginTransaction();
            Clients.commit(producer);
        }
        assertThat(calls).startsWith("flush", "commit");
    }
}
