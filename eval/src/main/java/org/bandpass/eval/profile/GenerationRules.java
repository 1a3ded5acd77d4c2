package org.bandpass.eval.profile;

import java.util.List;

/**
 * How a generated answer is cut and compared.
 *
 * @param stops regular-expression alternatives at whose first match the text ends; empty for none
 * @param normalized whether both sides are normalised as TriviaQA does; otherwise they are only trimmed
 */
public record GenerationRules(List<String> stops, boolean normalized) {

    public GenerationRules {
        stops = List.copyOf(stops);
    }
}
