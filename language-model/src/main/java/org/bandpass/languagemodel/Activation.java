package org.bandpass.languagemodel;

import java.util.List;
import java.util.Map;

/** The implemented nonlinearities, with their names in {@code transformers}. */
enum Activation {
    GELU("torch.gelu", "", List.of("gelu", "gelu_python")),
    TANH_GELU(
            "torch.gelu",
            ", approximate=\"tanh\"",
            List.of("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate", "gelu_python_tanh")),
    SILU("torch.silu", "", List.of("silu", "swish")),
    RELU("torch.relu", "", List.of("relu"));

    private final String function;
    private final String arguments;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> names;

    Activation(String function, String arguments, List<String> names) {
        this.function = function;
        this.arguments = arguments;
        this.names = names;
    }

    static Activation read(ConfigReader config, String key, Activation otherwise) {
        String name = config.text(key, otherwise.configName());
        for (Activation activation : values()) {
            if (activation.names.contains(name)) {
                return activation;
            }
        }
        throw config.notImplemented(key, "implemented: gelu, gelu_new, silu, relu");
    }

    String configName() {
        return names.get(0);
    }

    void putInto(Map<String, Object> values) {
        values.put("activation", function);
        values.put("approximation", arguments);
    }
}
