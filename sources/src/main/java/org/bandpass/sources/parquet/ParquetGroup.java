package org.bandpass.sources.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/** Assembles a group as an object, a list as an array, a map as an object. */
final class ParquetGroup extends GroupConverter {

    /** Memory of an object besides its values, about, bytes. */
    private static final int OVERHEAD = 64;

    private final GroupType type;
    private final ParquetRow row;
    private final Consumer<JsonNode> sink;
    private final List<Converter> fields = new ArrayList<>();
    private ObjectNode node = JsonNodeFactory.instance.objectNode();

    ParquetGroup(GroupType type, ParquetRow row, Consumer<JsonNode> sink) {
        this.type = type;
        this.row = row;
        this.sink = sink;
        for (Type field : type.getFields()) {
            String name = field.getName();
            Consumer<JsonNode> target = field.isRepetition(Repetition.REPEATED)
                    ? value -> node.withArrayProperty(name).add(value)
                    : value -> node.set(name, value);
            fields.add(
                    field.isPrimitive()
                            ? new ParquetValue(field.asPrimitiveType(), row, target)
                            : new ParquetGroup(field.asGroupType(), row, target));
        }
    }

    @Override
    public Converter getConverter(int index) {
        return fields.get(index);
    }

    @Override
    public void start() {
        node = JsonNodeFactory.instance.objectNode();
    }

    @Override
    public void end() {
        if (row.add(OVERHEAD)) {
            sink.accept(logicalValue());
        }
    }

    private JsonNode logicalValue() {
        if (type.getFieldCount() == 1) {
            JsonNode all = node.path(type.getFieldName(0));
            if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
                return list(all);
            }
            if (type.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation) {
                return map(all);
            }
        }
        return node;
    }

    /** Each element is wrapped in a group of one field, except in files of older tools. */
    private JsonNode list(JsonNode all) {
        Type repeated = type.getType(0);
        if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() != 1) {
            return all.isArray() ? all : JsonNodeFactory.instance.arrayNode();
        }
        String element = repeated.asGroupType().getFieldName(0);
        ArrayNode elements = JsonNodeFactory.instance.arrayNode();
        all.forEach(wrapped -> elements.add(wrapped.path(element)));
        return elements;
    }

    private static JsonNode map(JsonNode all) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        all.forEach(entry -> map.set(entry.path("key").asText(), entry.path("value")));
        return map;
    }
}
