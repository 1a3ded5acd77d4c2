package org.bandpass.sources.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.junit.jupiter.api.Test;

/** The fields of one JSON object. */
class JsonShapeTest {

    private final JsonShape shape = new JsonShape(Field.usualPointers(), Bounds.DEFAULT, false);

    @Test
    void readsNaNAndInfinityAsNullInMetadata() {
        Candidate record = (Candidate) read(
                "{\"text\": \"t\", \"id\": NaN, \"doc_id\": 7, \"score\": NaN, \"max\": Infinity, \"min\": -Infinity,"
                        + " \"none\": null, \"all\": {\"a\": [1, NaN, {\"b\": -Infinity}], \"c\": \"NaN\"}}");
        assertThat(record.text()).isEqualTo("t");
        assertThat(record.sourceId()).isEqualTo("7");
        assertThat(record.metadata())
                .containsAllEntriesOf(Map.of(
                        "score", "null",
                        "max", "null",
                        "min", "null",
                        "none", "null",
                        "all", "{\"a\":[1,null,{\"b\":null}],\"c\":\"NaN\"}"));
    }

    @Test
    void refusesNaNAndInfinityInPlaceOfTheText() {
        for (String text : new String[] {"NaN", "Infinity", "-Infinity"}) {
            assertThat(read("{\"text\": " + text + ", \"content\": \"another\"}"))
                    .as(text)
                    .isInstanceOfSatisfying(
                            Unusable.class,
                            record -> assertThat(record.reason()).isEqualTo(Rejection.MALFORMED));
        }
        assertThat(((Candidate) read("{\"text\": \"t\", \"content\": NaN}")).text())
                .isEqualTo("t");
        assertThat(read("{\"text\": \"t\", \"score\": nan}")).isInstanceOf(Unusable.class);
    }

    private SourceRecord read(String line) {
        byte[] bytes = SampleFiles.bytes(line);
        return shape.read(bytes, 0, bytes.length);
    }
}
