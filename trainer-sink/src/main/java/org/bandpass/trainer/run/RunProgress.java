package org.bandpass.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.bandpass.trainer.data.DataPosition;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is.
 *
 * @param position where the next rows begin
 * @param seconds wall time spent in training, all attempts together
 * @param endedBy why it ended, or null while it continues
 */
record RunProgress(
        DataPosition position,
        LossCurve losses,
        double seconds,
        @Nullable EndedBy endedBy) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static RunProgress none() {
        return new RunProgress(DataPosition.START, new LossCurve(), 0, null);
    }

    long steps() {
        return losses.steps();
    }

    /** Returns the same with losses of its own: those of a run under way grow in place. */
    RunProgress copy() {
        return new RunProgress(position, new LossCurve(losses.toArray()), seconds, endedBy);
    }

    String toJson() {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("step", steps());
        json.putPOJO("position", position);
        json.put("seconds", seconds);
        json.put("endedBy", endedBy == null ? null : endedBy.name());
        json.putPOJO("losses", losses.toArray());
        return json + "\n";
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is something else
     */
    static RunProgress parse(byte[] json) throws IOException {
        JsonNode tree = MAPPER.readTree(json);
        JsonNode ended = tree.path("endedBy");
        return new RunProgress(
                MAPPER.treeToValue(tree.path("position"), DataPosition.class),
                new LossCurve(MAPPER.treeToValue(tree.path("losses"), double[].class)),
                tree.path("seconds").doubleValue(),
                ended.isTextual() ? EndedBy.valueOf(ended.textValue()) : null);
    }
}
