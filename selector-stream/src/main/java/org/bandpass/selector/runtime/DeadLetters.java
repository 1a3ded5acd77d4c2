package org.bandpass.selector.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.schemas.WireFormat;
import org.bandpass.selector.score.RefusedScore;
import org.bandpass.selector.score.RefusedScore.Reason;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Turns records that cannot be read or ranked into dead letters, which Streams sends in the transaction of the record's
 * offset. A record with an unknown schema stops the program, unless the user has named its position. Any other
 * exception stops the program too: it is a bug, not a bad record.
 */
public final class DeadLetters implements ProcessingExceptionHandler, DeserializationExceptionHandler {

    /** Key of the {@link Address} in the configuration; Streams creates the handler by its class. */
    static final String ADDRESS = "bandpass.dead.letters";

    private static final int LARGEST_CONTENT = 64 << 10;

    /** Who sends dead letters; {@code plan} is that of a router, null for the calibrator. */
    public record Address(
            SelectorSettings settings,
            String program,
            @Nullable String plan,
            MeterRegistry registry) {

        /** Every reason is exported from the start, as 0. */
        public Address {
            new RefusalMeters(registry, program);
        }

        String topic() {
            return settings.topics().deadLetters(program).name();
        }
    }

    private record RefusalMeters(MeterRegistry registry, String program) {

        RefusalMeters {
            for (Reason reason : Reason.values()) {
                counter(registry, program, reason);
            }
        }

        void refused(Reason reason) {
            counter(registry, program, reason).increment();
        }

        private static Counter counter(MeterRegistry registry, String program, Reason reason) {
            return Counter.builder("bandpass." + program + ".dead.letters")
                    .description("Scored records that could not be used")
                    .tag("reason", reason.word())
                    .register(registry);
        }
    }

    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);
    private WireFormat wire = WireFormat.of(Map.of());

    @SuppressWarnings("NullAway.Init")
    private Address address;

    @Override
    public void configure(Map<String, ?> configs) {
        address = (Address) Objects.requireNonNull(configs.get(ADDRESS));
        wire = WireFormat.of(configs);
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        RefusedScore refused = refusal(context, exception);
        byte[] value = record.value() instanceof byte[] bytes ? bytes : null;
        return refused == null
                ? ProcessingExceptionHandler.Response.fail()
                : ProcessingExceptionHandler.Response.resume(List.of(letter(context, value, refused)));
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        RefusedScore refused = refusal(context, exception);
        if (refused == null) {
            return DeserializationExceptionHandler.Response.fail();
        }
        if (context.taskId().subtopology() < 0) {
            // The thread of global stores has no producer.
            System.err.println("skipped the record at " + context.topic() + " partition " + context.partition()
                    + " offset " + context.offset() + ", which cannot be read: " + refused.getMessage());
            return DeserializationExceptionHandler.Response.resume();
        }
        return DeserializationExceptionHandler.Response.resume(List.of(letter(context, record.value(), refused)));
    }

    private @Nullable RefusedScore refusal(ErrorHandlerContext context, Exception exception) {
        if (exception instanceof RefusedScore refused) {
            return refused;
        }
        UnknownSchemaException unknown = ClientFailure.cause(exception, UnknownSchemaException.class);
        if (unknown != null) {
            if (!address.settings()
                    .deadLetterPositions()
                    .contains(context.topic(), context.partition(), context.offset())) {
                throw new ProgramFailure(unknown.at(context.topic(), context.partition(), context.offset()), exception);
            }
            return new RefusedScore(Reason.UNKNOWN_SCHEMA, String.valueOf(unknown.getMessage()), unknown);
        }
        return exception instanceof SerializationException
                ? new RefusedScore(Reason.UNREADABLE, String.valueOf(exception.getMessage()), exception)
                : null;
    }

    private ProducerRecord<byte[], byte[]> letter(
            ErrorHandlerContext context, byte @Nullable [] value, RefusedScore refused) {
        new RefusalMeters(address.registry(), address.program()).refused(refused.reason());
        DeadLetter letter = DeadLetter.newBuilder()
                .setProgram(address.program())
                .setReason(refused.reason().word())
                .setDetail(String.valueOf(refused.getMessage()))
                .setTopic(context.topic())
                .setPartition(context.partition())
                .setOffset(context.offset())
                .setContent(value == null || value.length > LARGEST_CONTENT ? null : ByteBuffer.wrap(value))
                .build();
        String position = context.topic() + "/" + context.partition() + "/" + context.offset();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                address.topic(), HeaderNames.bytes(position), wire.write(address.topic(), letters.write(letter)));
        if (address.plan() != null) {
            // Routers of all plans write to this topic; one that has lost its position searches for its own letters.
            record.headers().add(HeaderNames.PLAN, HeaderNames.bytes(address.plan()));
        }
        return record;
    }
}
