package org.bandpass.eval.profile;

import java.util.Locale;

/** How the rows of a task are asked and scored. */
public enum TaskType {
    /** Fields {@code context}, {@code continuation}: every token of the continuation must be the most likely one. */
    LANGUAGE_MODELING,
    /** Fields {@code query}, {@code choices}, {@code gold}: the choice with the least mean nats per token is chosen. */
    MULTIPLE_CHOICE,
    /** Fields {@code context_options}, {@code continuation}, {@code gold}: the context that makes the text likeliest. */
    SCHEMA,
    /** Fields {@code context}, {@code answer}, perhaps {@code aliases} and {@code chain_of_thought}: greedy text. */
    GENERATION;

    /** Returns the name in a profile, for example {@code multiple_choice}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TaskType of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
