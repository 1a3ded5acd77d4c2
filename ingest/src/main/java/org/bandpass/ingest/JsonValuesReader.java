package org.bandpass.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.bandpass.ingest.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/** Reads JSON that is not one object a line: the elements of an array, or objects in a row. Each is a position. */
final class JsonValuesReader implements RecordReader {

    private final JsonValues values;
    private final JsonShape shape;
    private final int longest;

    JsonValuesReader(InputStream in, boolean array, JsonShape shape, int longest) {
        this.values = new JsonValues(in, array, longest);
        this.shape = shape;
        this.longest = longest;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        if (!values.next()) {
            return null;
        }
        if (values.overlong()) {
            return Unusable.of(
                    Rejection.OVER_RECORD_LIMIT,
                    "a JSON value of more than " + longest + " bytes; see " + IngestSettings.RECORD_BYTES);
        }
        ByteBuffer value = values.value();
        return shape.read(value.array(), value.arrayOffset(), value.limit());
    }

    @Override
    public void skip(long records) throws IOException {
        for (long i = 0; i < records && values.next(); i++) {
            // to cut values is all there is to do
        }
    }

    @Override
    public void close() throws IOException {
        values.close();
    }
}
