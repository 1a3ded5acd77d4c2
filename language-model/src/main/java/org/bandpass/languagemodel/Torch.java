package org.bandpass.languagemodel;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import org.bandpass.languagemodel.file.Djl;

/** Starts libtorch on a device, without the network. */
final class Torch {
    static final int FLOAT32 = 6;
    static final int BFLOAT16 = 15;

    private Torch() {}

    /** Returns a scope on a device, which the caller closes. */
    static PtNDManager scope(String device) {
        Device place = parse(device);
        // DJL reads these when it starts its engine; a user's own values have priority.
        Djl.setUnlessSet("ai.djl.pytorch.num_interop_threads", "1");
        Djl.setUnlessSet("ai.djl.pytorch.graph_optimizer", "false");
        if (!place.isGpu()) {
            Djl.stayOffline();
        }
        Engine engine;
        try {
            engine = Engine.getEngine("PyTorch");
        } catch (EngineException e) {
            throw new IllegalStateException("libtorch could not be loaded: " + e.getMessage(), e);
        }
        if (place.isGpu() && engine.getGpuCount() <= place.getDeviceId()) {
            throw new IllegalArgumentException(
                    "device " + device + " does not exist: libtorch sees " + engine.getGpuCount()
                            + " GPUs. A GPU needs its driver and an installed CUDA build of libtorch 2.7.1 named by"
                            + " PYTORCH_LIBRARY_PATH, with PYTORCH_VERSION=2.7.1 and PYTORCH_FLAVOR=cu128");
        }
        return (PtNDManager) engine.newBaseManager(place);
    }

    private static Device parse(String device) {
        if (!device.matches(DeviceOptions.DEVICE)) {
            throw new IllegalArgumentException("device " + device + " is unknown; expected cpu or cuda:N");
        }
        return device.equals(DeviceOptions.CPU)
                ? Device.cpu()
                : Device.gpu(Integer.parseInt(device.substring("cuda:".length())));
    }

    static boolean bf16(String dtype) {
        return switch (dtype) {
            case "fp32" -> false;
            case "bf16" -> true;
            default -> throw new IllegalArgumentException("dtype " + dtype + " is unknown; expected fp32 or bf16");
        };
    }
}
