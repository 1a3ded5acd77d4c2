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

/** Assembles a group as an object, one that stands for a list as an array, one that stands for a map as an object. */
final class ParquetGroup extends GroupConverter {

    /** What an object costs beside its values, about, bytes. */
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
            Consumer<JsonNode> into = into(field.getName(), field.isRepetition(Repetition.REPEATED));
            fields.add(
                    field.isPrimitive()
                            ? new ParquetValue(field.asPrimitiveType(), row, into)
                            : new ParquetGroup(field.asGroupType(), row, into));
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
        if (row.holds(OVERHEAD)) {
            sink.accept(meant());
        }
    }

    private Consumer<JsonNode> into(String name, boolean repeated) {
        return repeated
                ? value -> (node.get(name) instanceof ArrayNode all ? all : node.putArray(name)).add(value)
                : value -> node.set(name, value);
    }

    private JsonNode meant() {
        if (type.getFieldCount() == 1 && type.getLogicalTypeAnnotation() != null) {
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

    /** Elements are wrapped in a group of one field, save in files of older tools. */
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
