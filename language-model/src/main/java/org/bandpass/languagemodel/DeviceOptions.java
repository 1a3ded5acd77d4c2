package org.bandpass.languagemodel;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options --device and --dtype of commands that run one model. */
public final class DeviceOptions {

    public static final String CPU = "cpu";
    public static final String DEVICE = "cpu|cuda:\\d{1,3}";
    public static final String DTYPE = "fp32|bf16";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private String device = CPU;
    private @Nullable String dtype;

    @Option(names = "--device", defaultValue = CPU, description = "cpu or cuda:N (default: ${DEFAULT-VALUE}).")
    void device(String name) {
        if (!name.matches(DEVICE)) {
            throw new ParameterException(command.commandLine(), "--device is cpu or cuda:N, not '" + name + "'");
        }
        device = name;
    }

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "fp32 or bf16 (default: fp32 on a CPU, bf16 on a GPU).")
    void dtype(@Nullable String name) {
        if (name != null && !name.matches(DTYPE)) {
            throw new ParameterException(command.commandLine(), "--dtype is fp32 or bf16, not '" + name + "'");
        }
        dtype = name;
    }

    public String device() {
        return device;
    }

    /** Returns {@code fp32} or {@code bf16}: the given type, or the default of the device. */
    public String dtype() {
        return dtype == null ? usualDtype(device) : dtype;
    }

    public static String usualDtype(String device) {
        return device.equals(CPU) ? "fp32" : "bf16";
    }
}
