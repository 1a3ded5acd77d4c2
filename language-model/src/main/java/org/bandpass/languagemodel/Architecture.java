package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A family's shape and switches: its config, its weights, the values of its program's template. */
sealed interface Architecture permits Mpt, Gpt2, GptNeox, Llama {

    /** Of the initial normal numbers of a weight, except in MPT. */
    double DEVIATION = 0.02;

    String family();

    int vocabulary();

    int context();

    int width();

    int layers();

    int heads();

    /** Whether the output projection is the embedding. */
    boolean tied();

    /** In the order of the program: embeddings, layers, last norm, and the output projection where it is untied. */
    List<Weight> weights();

    /** Added to a variance by the norms. */
    double epsilon();

    /** The values of the template's names; a condition's value is a Boolean. */
    default Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("width", width());
        values.put("layers", layers());
        values.put("heads", heads());
        values.put("kv_heads", heads());
        values.put("head_size", width() / heads());
        values.put("alibi", false);
        values.put("epsilon", epsilon());
        return values;
    }

    /** The {@code config.json} that {@code transformers} reads. */
    ObjectNode json();

    /** The first keys of a {@code config.json}, with the class of {@code transformers} that reads it. */
    default ObjectNode json(String className) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add(className);
        return json.put("model_type", family());
    }

    /** Prefix of all names but the output projection's, in files with a head. */
    default String basePrefix() {
        return "transformer.";
    }

    default String fileName(Weight weight) {
        return weight.name().equals(headName()) ? weight.name() : basePrefix() + weight.name();
    }

    /** The {@link Weight#name name} for a name in files. */
    default String plainName(String stored) {
        return stored.startsWith(basePrefix()) ? stored.substring(basePrefix().length()) : stored;
    }

    /** The name of an untied output projection. */
    default String headName() {
        return "lm_head.weight";
    }

    /** Whether a tensor of that name, without prefix, is a buffer that {@code transformers} skips. */
    default boolean skipped(String name) {
        return false;
    }
}
