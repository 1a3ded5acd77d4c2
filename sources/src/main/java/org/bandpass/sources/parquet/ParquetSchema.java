package org.bandpass.sources.parquet;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** Builds the tree of columns, which a file lists depth first. Keeps the annotations that change a value's text. */
final class ParquetSchema {

    /** Each column takes some kilobytes while it is read. */
    private static final int MOST = 10_000;

    private final Iterator<SchemaElement> elements;
    private final int deepest;

    private ParquetSchema(Iterator<SchemaElement> elements, int deepest) {
        this.elements = elements;
        this.deepest = deepest;
    }

    /** Returns the tree, nested no deeper than {@code deepest}; fails if the list does not describe one. */
    static MessageType read(List<SchemaElement> elements, int deepest) throws SourceFailure {
        if (elements.size() > MOST) {
            throw new SourceFailure(Rejection.UNSUPPORTED, "a table of more than " + MOST + " columns is not read");
        }
        ParquetSchema schema = new ParquetSchema(elements.iterator(), deepest);
        try {
            SchemaElement root = schema.elements.next();
            return new MessageType(root.getName(), schema.fields(root, 1));
        } catch (RuntimeException e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the list of columns is damaged", e);
        }
    }

    private List<Type> fields(SchemaElement group, int depth) throws SourceFailure {
        List<Type> fields = new ArrayList<>();
        for (int i = 0; i < group.getNum_children(); i++) {
            fields.add(field(depth));
        }
        return fields;
    }

    private Type field(int depth) throws SourceFailure {
        if (depth > deepest) {
            throw new SourceFailure(
                    Rejection.UNSUPPORTED, "columns are nested deeper than " + deepest + "; see " + Bounds.JSON_DEPTH);
        }
        SchemaElement element = elements.next();
        Repetition repetition = Repetition.valueOf(element.getRepetition_type().name());
        LogicalTypeAnnotation annotation = annotation(element);
        if (element.isSetType()) {
            return Types.primitive(primitive(element.getType()), repetition)
                    .length(element.getType_length())
                    .as(annotation)
                    .named(element.getName());
        }
        return Types.buildGroup(repetition)
                .as(annotation)
                .addFields(fields(element, depth + 1).toArray(Type[]::new))
                .named(element.getName());
    }

    private static PrimitiveTypeName primitive(org.apache.parquet.format.Type type) {
        return type == org.apache.parquet.format.Type.BYTE_ARRAY
                ? PrimitiveTypeName.BINARY
                : PrimitiveTypeName.valueOf(type.name());
    }

    private static @Nullable LogicalTypeAnnotation annotation(SchemaElement element) {
        LogicalType logical = element.getLogicalType();
        if (logical != null && logical.isSetTIMESTAMP()) {
            return LogicalTypeAnnotation.timestampType(
                    logical.getTIMESTAMP().isIsAdjustedToUTC(),
                    TimeUnit.valueOf(
                            logical.getTIMESTAMP().getUnit().getSetField().name()));
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
            case TIMESTAMP_MILLIS -> LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS);
            case TIMESTAMP_MICROS -> LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS);
            case UINT_8, UINT_16, UINT_32 -> LogicalTypeAnnotation.intType(Integer.SIZE, false);
            case UINT_64 -> LogicalTypeAnnotation.intType(Long.SIZE, false);
            default -> null;
        };
    }
}
