package org.bandpass.sources.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.JulianFields;
import java.util.function.Consumer;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Converts the values of one column: texts, numbers, times in ISO 8601. Other bytes are kept out of records. */
final class ParquetValue extends PrimitiveConverter {

    /** Memory of a value besides its bytes, about. */
    private static final int OVERHEAD = 16;

    /** Longer decimals are not numbers, and take long to print. */
    private static final int LONGEST_DECIMAL = 64;

    /** Replaces bytes that are not text. JsonShape refuses it as a text, so no other column is used in its place. */
    private static final BinaryNode NOT_TEXT = BinaryNode.valueOf(new byte[0]);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final PrimitiveType type;
    private final @Nullable LogicalTypeAnnotation annotation;
    private final ParquetRow row;
    private final Consumer<JsonNode> sink;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

    ParquetValue(PrimitiveType type, ParquetRow row, Consumer<JsonNode> sink) {
        this.type = type;
        this.annotation = type.getLogicalTypeAnnotation();
        this.row = row;
        this.sink = sink;
    }

    @Override
    public void addBinary(Binary value) {
        row.expand(value.length());
        if (!row.add(OVERHEAD + value.length())) {
            return;
        }
        if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
            if (value.length() > 0 && value.length() <= LONGEST_DECIMAL) {
                sink.accept(new DecimalNode(new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale())));
            }
        } else if (type.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
            sink.accept(new TextNode(time(NanoTime.fromBinary(value)).toString()));
        } else {
            text(value);
        }
    }

    @Override
    public void addBoolean(boolean value) {
        add(JSON.booleanNode(value));
    }

    @Override
    public void addDouble(double value) {
        add(JSON.numberNode(value));
    }

    @Override
    public void addFloat(float value) {
        addDouble(value);
    }

    @Override
    public void addInt(int value) {
        if (annotation instanceof DateLogicalTypeAnnotation) {
            add(new TextNode(LocalDate.ofEpochDay(value).toString()));
        } else if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
            add(new DecimalNode(BigDecimal.valueOf(value, decimal.getScale())));
        } else {
            add(JSON.numberNode(isUnsigned() ? Integer.toUnsignedLong(value) : value));
        }
    }

    @Override
    public void addLong(long value) {
        if (annotation instanceof TimestampLogicalTypeAnnotation timestamp) {
            add(new TextNode(time(value, timestamp)));
        } else if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
            add(new DecimalNode(BigDecimal.valueOf(value, decimal.getScale())));
        } else {
            add(
                    value < 0 && isUnsigned()
                            ? JSON.numberNode(new BigInteger(Long.toUnsignedString(value)))
                            : JSON.numberNode(value));
        }
    }

    private void add(JsonNode node) {
        if (row.add(OVERHEAD)) {
            sink.accept(node);
        }
    }

    private boolean isUnsigned() {
        return annotation instanceof IntLogicalTypeAnnotation integer && !integer.isSigned();
    }

    private void text(Binary value) {
        try {
            sink.accept(new TextNode(utf8.decode(value.toByteBuffer()).toString()));
        } catch (CharacterCodingException e) {
            if (annotation instanceof StringLogicalTypeAnnotation) {
                row.setDamaged(type.getName());
            } else {
                sink.accept(NOT_TEXT);
            }
        }
    }

    /** Returns a time with a zone only where the column has one. */
    private static String time(long value, TimestampLogicalTypeAnnotation type) {
        String utc = Instant.EPOCH
                .plus(value, ChronoUnit.valueOf(type.getUnit().name()))
                .toString();
        return type.isAdjustedToUTC() ? utc : utc.substring(0, utc.length() - 1);
    }

    /** Converts the times of Impala and older Spark: a Julian day and nanoseconds of the day. */
    private static Instant time(NanoTime time) {
        LocalDate day = LocalDate.EPOCH.with(JulianFields.JULIAN_DAY, time.getJulianDay());
        return day.atStartOfDay().toInstant(ZoneOffset.UTC).plusNanos(time.getTimeOfDayNanos());
    }
}
