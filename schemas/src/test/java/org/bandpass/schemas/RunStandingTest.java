package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunStandingTest {

    private static final Instant WRITTEN = Instant.parse("2026-11-28T02:31:05.250Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STARTED  | started
            PROGRESS | training, step 10 of 732
            FINISHED | finished
            FAILED   | failed at step 10 of 732
            STOPPED  | stopped at step 10 of 732
            UNKNOWN  | in a state of a newer version, step 10 of 732
            """)
    void saysWhatTheRecordSays(RunState state, String words) {
        assertThat(RunStanding.of(run(state, 3_000), WRITTEN.plusSeconds(9))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"STARTED, true", "PROGRESS, true", "FINISHED, false", "FAILED, false", "STOPPED, false"})
    void aRunThatHasNotEndedIsSilentAfterThreeIntervals(RunState state, boolean silent) {
        assertThat(RunStanding.of(run(state, 3_000), WRITTEN.plusMillis(9_001)).contains("no sign since"))
                .isEqualTo(silent);
    }

    @Test
    void namesTheLastSign() {
        assertThat(RunStanding.of(run(RunState.PROGRESS, 3_000), WRITTEN.plusSeconds(3_600)))
                .isEqualTo("training, step 10 of 732, no sign since 2026-11-28T02:31:05Z");
    }

    @Test
    void aRecordWithoutAnIntervalIsSilentAfterHalfAnHour() {
        TrainingRun old = run(RunState.PROGRESS, 0);

        assertThat(RunStanding.of(old, WRITTEN.plus(Duration.ofMinutes(30)))).doesNotContain("no sign since");
        assertThat(RunStanding.of(old, WRITTEN.plus(Duration.ofMinutes(31)))).contains("no sign since");
    }

    @Test
    void aStateOfALaterVersionIsReadAsUnknown() throws IOException {
        Schema later = new Schema.Parser()
                .parse(SchemaFormatter.format("json/inline", TrainingRun.getClassSchema())
                        .replace("\"STOPPED\"", "\"STOPPED\",\"PAUSED\""));
        GenericData.Record record = new GenericData.Record(later);
        later.getFields()
                .forEach(field -> record.put(
                        field.name(),
                        SpecificData.get()
                                .deepCopy(
                                        field.schema(),
                                        run(RunState.PROGRESS, 1).get(field.name()))));
        record.put("state", new GenericData.EnumSymbol(later.getField("state").schema(), "PAUSED"));
        record.put("role", new GenericData.EnumSymbol(later.getField("role").schema(), "CONTROL"));
        record.put("updatedAt", WRITTEN.toEpochMilli());
        ByteBuffer bytes = new BinaryMessageEncoder<GenericData.Record>(GenericData.get(), later).encode(record);
        BinaryMessageDecoder<TrainingRun> decoder =
                new BinaryMessageDecoder<>(new SpecificData(), TrainingRun.getClassSchema());
        decoder.addSchema(later);

        assertThat(decoder.decode(bytes).getState()).isEqualTo(RunState.UNKNOWN);
    }

    private static TrainingRun run(RunState state, long progressMillis) {
        return TrainingRun.newBuilder()
                .setRunId("control")
                .setState(state)
                .setRole(RunRole.CONTROL)
                .setTopic("bandpass.scored-documents")
                .setSeed(1)
                .setStep(10)
                .setSteps(732)
                .setUpdatedAt(WRITTEN)
                .setProgressMillis(progressMillis)
                .build();
    }
}
