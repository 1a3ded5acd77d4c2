package org.bandpass.sources.parquet;

import java.util.Iterator;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** Turns the columns as a file lists them, depth first, into a tree. What a value means is kept where it changes its text. */
final class ParquetSchema {

    /** Each column takes some kilobytes while it is read. */
    private static final int MOST = 10_000;

    private final Iterator<SchemaElement> elements;
    private final int deepest;

    private ParquetSchema(Iterator<SchemaElement> elements, int deepest) {
        this.elements = elements;
        this.deepest = deepest;
    }

    /**
     * Returns the tree.
     *
     * @param deepest deepest nesting
     * @throws SourceFailure if the list is none of a tree
     */
    static MessageType read(List<SchemaElement> listed, int deepest) throws SourceFailure {
        if (listed.size() > MOST) {
            throw new SourceFailure(Rejection.UNSUPPORTED, "a table of more than " + MOST + " columns is not read");
        }
        ParquetSchema schema = new ParquetSchema(listed.iterator(), deepest);
        try {
            SchemaElement root = schema.elements.next();
            Types.MessageTypeBuilder message = Types.buildMessage();
            for (int i = 0; i < root.getNum_children(); i++) {
                message.addField(schema.next(1));
            }
            return message.named(root.getName());
        } catch (RuntimeException e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the list of columns is damaged", e);
        }
    }

    private Type next(int depth) throws SourceFailure {
        if (depth > deepest) {
            throw new SourceFailure(
                    Rejection.UNSUPPORTED, "columns are nested deeper than " + deepest + "; see " + Bounds.JSON_DEPTH);
        }
        SchemaElement element = elements.next();
        Repetition repetition = Repetition.valueOf(element.getRepetition_type().name());
        LogicalTypeAnnotation meaning = meaning(element);
        if (element.isSetType()) {
            return Types.primitive(stored(element.getType()), repetition)
                    .length(element.getType_length())
                    .as(meaning)
                    .named(element.getName());
        }
        Types.GroupBuilder<?> group = Types.buildGroup(repetition).as(meaning);
        for (int i = 0; i < element.getNum_children(); i++) {
            group.addField(next(depth + 1));
        }
        return (Type) group.named(element.getName());
    }

    private static PrimitiveTypeName stored(org.apache.parquet.format.Type type) {
        return type == org.apache.parquet.format.Type.BYTE_ARRAY
                ? PrimitiveTypeName.BINARY
                : PrimitiveTypeName.valueOf(type.name());
    }

    private static @Nullable LogicalTypeAnnotation meaning(SchemaElement element) {
        LogicalType logical = element.getLogicalType();
        if (logical != null && logical.isSetTIMESTAMP()) {
            return timestamp(logical.getTIMESTAMP());
        }
        ConvertedType converted = element.getConverted_type();
        if (converted == null && logical != null && logical.isSetINTEGER()) {
            return LogicalTypeAnnotation.intType(
                    logical.getINTEGER().getBitWidth(), logical.getINTEGER().isIsSigned());
        }
        if (converted == null) {
            return logical != null && logical.isSetSTRING() ? LogicalTypeAnnotation.stringType() : null;
        }
        return switch (converted) {
            case UTF8, ENUM, JSON -> LogicalTypeAnnotation.stringType();
            case LIST -> LogicalTypeAnnotation.listType();
            case MAP, MAP_KEY_VALUE -> LogicalTypeAnnotation.mapType();
            case DATE -> LogicalTypeAnnotation.dateType();
            case DECIMAL -> LogicalTypeAnnotation.decimalType(element.getScale(), element.getPrecision());
            case TIMESTAMP_MILLIS -> LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MILLIS);
            case TIMESTAMP_MICROS -> LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS);
            case UINT_8, UINT_16, UINT_32 -> LogicalTypeAnnotation.intType(Integer.SIZE, false);
            case UINT_64 -> LogicalTypeAnnotation.intType(Long.SIZE, false);
            default -> null;
        };
    }

    private static LogicalTypeAnnotation timestamp(TimestampType type) {
        TimeUnit unit = type.getUnit();
        return LogicalTypeAnnotation.timestampType(
                type.isIsAdjustedToUTC(),
                unit.isSetNANOS()
                        ? LogicalTypeAnnotation.TimeUnit.NANOS
                        : unit.isSetMICROS()
                                ? LogicalTypeAnnotation.TimeUnit.MICROS
                                : LogicalTypeAnnotation.TimeUnit.MILLIS);
    }
}
