package org.bandpass.selector;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * Turns refused records into dead letters, which Streams sends in the transaction of the record's offset, and goes on.
 * Any other exception stops the program: it is a fault of ours, not of the record.
 */
public final class DeadLetters implements ProcessingExceptionHandler {

    /** Key of the {@link Address} in the configuration of Streams, which makes the handler. */
    static final String ADDRESS = "bandpass.dead.letters";

    private static final int LARGEST_CONTENT = 64 << 10;

    /**
     * Where dead letters go.
     *
     * @param program who refused
     * @param topic full name
     * @param meters counts them
     */
    record Address(String program, String topic, RefusalMeters meters) {

        static Address of(Topics topics, String program, MeterRegistry registry) {
            return new Address(program, topics.deadLetters(program).name(), new RefusalMeters(registry, program));
        }
    }

    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);
    private WireFormat wire = WireFormat.of(Map.of());
    private @Nullable Address address;

    /** Made by Streams. */
    public DeadLetters() {}

    @Override
    public void configure(Map<String, ?> configs) {
        address = (Address) configs.get(ADDRESS);
        wire = WireFormat.of(configs);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        Address to = address;
        if (!(exception instanceof RefusedScore refused) || to == null) {
            return Response.fail();
        }
        to.meters().refused(refused.reason());
        return Response.resume(List.of(letter(context, record, refused, to)));
    }

    private ProducerRecord<byte[], byte[]> letter(
            ErrorHandlerContext context, Record<?, ?> record, RefusedScore refused, Address to) {
        byte[] value = record.value() instanceof byte[] bytes ? bytes : null;
        DeadLetter letter = DeadLetter.newBuilder()
                .setProgram(to.program())
                .setReason(refused.reason().word())
                .setDetail(String.valueOf(refused.getMessage()))
                .setTopic(context.topic())
                .setPartition(context.partition())
                .setOffset(context.offset())
                .setContent(value == null || value.length > LARGEST_CONTENT ? null : ByteBuffer.wrap(value))
                .build();
        String position = context.topic() + "/" + context.partition() + "/" + context.offset();
        byte[] written = wire.write(to.topic(), letters.write(letter));
        return new ProducerRecord<>(to.topic(), HeaderNames.bytes(position), written);
    }
}
