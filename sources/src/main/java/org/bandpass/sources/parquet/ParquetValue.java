package org.bandpass.sources.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
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

/** Takes the values of one column: texts, numbers, times in ISO 8601. Other bytes are kept out of records. */
final class ParquetValue extends PrimitiveConverter {

    /** What a value costs beside its bytes, about. */
    private static final int OVERHEAD = 16;

    private static final int INT96 = 12;
    /** Longer decimals are no numbers, and take long to print. */
    private static final int LONGEST_DECIMAL = 64;

    /** Stands for bytes that are no text, so that another column does not take their place unnoticed. */
    private static final BinaryNode NO_TEXT = BinaryNode.valueOf(new byte[0]);

    /** The Julian day of 1970-01-01. */
    private static final int JULIAN_EPOCH = 2_440_588;

    private final PrimitiveType type;
    private final ParquetRow row;
    private final Consumer<JsonNode> sink;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

    ParquetValue(PrimitiveType type, ParquetRow row, Consumer<JsonNode> sink) {
        this.type = type;
        this.row = row;
        this.sink = sink;
    }

    @Override
    public void addBinary(Binary value) {
        row.expand(value.length());
        if (!row.holds(OVERHEAD + value.length())) {
            return;
        }
        if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
            if (value.length() > 0 && value.length() <= LONGEST_DECIMAL) {
                sink.accept(new DecimalNode(new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale())));
            }
        } else if (type.getPrimitiveTypeName() == PrimitiveTypeName.INT96 && value.length() == INT96) {
            sink.accept(new TextNode(julian(value).toString()));
        } else {
            text(value);
        }
    }

    @Override
    public void addBoolean(boolean value) {
        if (row.holds(OVERHEAD)) {
            sink.accept(BooleanNode.valueOf(value));
        }
    }

    @Override
    public void addDouble(double value) {
        if (row.holds(OVERHEAD)) {
            sink.accept(new DoubleNode(value));
        }
    }

    @Override
    public void addFloat(float value) {
        addDouble(value);
    }

    @Override
    public void addInt(int value) {
        if (row.holds(OVERHEAD)) {
            LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
            if (meaning instanceof DateLogicalTypeAnnotation) {
                sink.accept(new TextNode(LocalDate.ofEpochDay(value).toString()));
            } else if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
                sink.accept(new DecimalNode(BigDecimal.valueOf(value, decimal.getScale())));
            } else {
                sink.accept(isUnsigned(meaning) ? new LongNode(Integer.toUnsignedLong(value)) : new IntNode(value));
            }
        }
    }

    @Override
    public void addLong(long value) {
        if (row.holds(OVERHEAD)) {
            LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
            if (meaning instanceof TimestampLogicalTypeAnnotation timestamp) {
                sink.accept(new TextNode(time(value, timestamp)));
            } else if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
                sink.accept(new DecimalNode(BigDecimal.valueOf(value, decimal.getScale())));
            } else {
                sink.accept(
                        value < 0 && isUnsigned(meaning)
                                ? new BigIntegerNode(new BigInteger(Long.toUnsignedString(value)))
                                : new LongNode(value));
            }
        }
    }

    private static boolean isUnsigned(@Nullable LogicalTypeAnnotation meaning) {
        return meaning instanceof IntLogicalTypeAnnotation integer && !integer.isSigned();
    }

    private void text(Binary value) {
        try {
            sink.accept(new TextNode(utf8.decode(value.toByteBuffer()).toString()));
        } catch (CharacterCodingException e) {
            if (type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation) {
                row.damaged(type.getName());
            } else {
                sink.accept(NO_TEXT);
            }
        }
    }

    /** A time without a zone keeps none. */
    private static String time(long value, TimestampLogicalTypeAnnotation type) {
        ChronoUnit unit = switch (type.getUnit()) {
            case MILLIS -> ChronoUnit.MILLIS;
            case MICROS -> ChronoUnit.MICROS;
            case NANOS -> ChronoUnit.NANOS;
        };
        String utc = Instant.EPOCH.plus(value, unit).toString();
        return type.isAdjustedToUTC() ? utc : utc.substring(0, utc.length() - 1);
    }

    /** Nanoseconds of a day and its Julian number, as Impala and older Spark write times. */
    private static Instant julian(Binary value) {
        ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = bytes.getLong(bytes.position());
        int day = bytes.getInt(bytes.position() + Long.BYTES);
        return Instant.EPOCH.plus((long) day - JULIAN_EPOCH, ChronoUnit.DAYS).plusNanos(nanos);
    }
}
