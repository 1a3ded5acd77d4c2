package org.bandpass.selector.router;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * A scored record on its way to bands.
 *
 * @param partition where it came from and goes to: hashing the key anew would move records that another client placed
 * @param value its bytes, untouched
 */
record BandRecord(int partition, byte[] value) {

    /** Writes the bytes as they came. */
    static Serializer<BandRecord> serializer() {
        return (topic, routed) -> routed.value();
    }

    /** Sends a record to the partition it carries. */
    static StreamPartitioner<byte[], BandRecord> partitioner() {
        return (topic, key, routed, partitions) -> Optional.of(Set.of(routed.partition()));
    }
}
