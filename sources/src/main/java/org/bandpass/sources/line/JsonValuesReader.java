package org.bandpass.sources.line;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/** Reads JSON that is not one object a line: the elements of an array, or objects in a row. Each is a position. */
public final class JsonValuesReader implements RecordReader {

    private final JsonValues values;
    private final JsonShape shape;
    private final int longest;

    public JsonValuesReader(InputStream in, boolean array, JsonShape shape, int longest) {
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
                    "a JSON value of more than " + longest + " bytes; see " + Bounds.RECORD_BYTES);
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
