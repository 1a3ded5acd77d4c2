package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplanationTest {

    /** Avro's marker, and a fingerprint that nobody has. */
    private static UnknownSchemaException unknown() {
        byte[] bytes = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0};
        try {
            AvroSerde.of(Document.class).read(bytes);
        } catch (UnknownSchemaException e) {
            return e;
        }
        throw new AssertionError("read");
    }

    private static Explanation explain(Throwable thrown) {
        return Explanation.of(thrown, List.of());
    }

    @Test
    void aRecordOfAnUnknownSchemaIsNamedByItsPosition() {
        UnknownSchemaException schema = unknown();
        KafkaException thrown = new KafkaException(
                "in the consumer",
                new RecordDeserializationException(
                        DeserializationExceptionOrigin.VALUE,
                        new TopicPartition("bandpass.documents", 3),
                        41,
                        0,
                        TimestampType.CREATE_TIME,
                        ByteBuffer.allocate(0),
                        ByteBuffer.allocate(0),
                        new RecordHeaders(),
                        "cannot",
                        schema));

        Explanation explanation = explain(new ExecutionException(thrown));

        assertThat(explanation.sentence()).isEqualTo(schema.at("bandpass.documents", 3, 41));
        assertThat(explanation.expected()).isTrue();
        assertThat(explain(new IllegalStateException("reading", schema)).sentence())
                .contains(schema.schema())
                .contains("upgrade");
        String own = schema.at("mine", 0, 1);
        assertThat(explain(new ProgramFailure(own, schema)).sentence()).isEqualTo(own);
    }

    @Test
    void namesTheFolderOfAFullDisk(@TempDir Path folder) {
        Path file = folder.resolve("gone/x.checkpoint.tmp");
        IOException full = new FileSystemException(file.toString(), null, "No space left on device");

        assertThat(explain(new ProgramFailure("the calibrator stopped", new KafkaException("flush", full)))
                        .sentence())
                .isEqualTo("the calibrator stopped: no space left on " + folder
                        + "; free some, then start the command again");
        assertThat(explain(new ProgramFailure(
                                "the calibrator stopped",
                                new KafkaException("While appending to /s/1.sst: No space left on device")))
                        .sentence())
                .startsWith("the calibrator stopped: While appending to /s/1.sst: No space left on device; free");
    }

    @Test
    void namesTheFaultAndItsRootCause() {
        assertThat(explain(new NullPointerException()).sentence())
                .isEqualTo("a fault in the program (NullPointerException)");
        assertThat(explain(new IllegalStateException("cannot go on", new IOException("the port is closed")))
                        .sentence())
                .isEqualTo("IllegalStateException: cannot go on, because of IOException: the port is closed");
    }

    @Test
    void addsTheReasonToAPath() {
        IOException denied = new AccessDeniedException("/data/run");

        assertThat(explain(new ProgramFailure("cannot lock the folder /data/run: " + denied.getMessage(), denied))
                        .sentence())
                .isEqualTo("cannot lock the folder /data/run: /data/run (permission denied)");
    }

    @Test
    void anInvalidSettingOfTheClientsIsAConfigurationError() {
        Explanation explanation = explain(
                new KafkaException("Failed to construct", new ConfigException("security.protocol", "SLS", "no")));

        assertThat(explanation.configuration()).isTrue();
        assertThat(explanation.sentence())
                .contains("kafka.")
                .contains("security.protocol")
                .contains("SLS");
    }
}
