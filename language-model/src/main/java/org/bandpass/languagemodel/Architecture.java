package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** A family's shape and switches: what its config says, which weights it has, what its program is filled with. */
sealed interface Architecture permits Mpt, Gpt2, GptNeox, Llama {

    /** {@code model_type}. */
    String family();

    int vocabulary();

    int context();

    int width();

    int layers();

    int heads();

    /** Whether the output projection is the embedding. */
    boolean tied();

    /** In the order of the program: embeddings, layer by layer, last norm, and the output projection where it is untied. */
    List<Weight> weights();

    /** What the template's names stand for; a condition's value is a Boolean. */
    Map<String, Object> values();

    /** The {@code config.json} that {@code transformers} reads. */
    ObjectNode json();

    /** What stands before the names of all weights but the output projection in files with a head. */
    String basePrefix();

    /** A weight's name in files. */
    default String fileName(Weight weight) {
        return weight.name().equals(headName()) ? weight.name() : basePrefix() + weight.name();
    }

    /** The {@link Weight#name name} that a name in files means. */
    default String plainName(String stored) {
        return stored.startsWith(basePrefix()) ? stored.substring(basePrefix().length()) : stored;
    }

    /** The name of an untied output projection. */
    String headName();

    /** Whether a tensor of that name, without prefix, is a buffer that {@code transformers} skips. */
    boolean skipped(String name);
}
