package org.bandpass.eval;

import java.nio.file.Path;

/** Opens the models of runs. */
interface RunModels {

    /**
     * Opens the model in a folder, which exists; the caller closes it.
     *
     * @throws RefusedRunException if the folder holds no usable model
     * @throws org.bandpass.service.ProgramFailure if no model at all can be opened here
     */
    RunModel open(Path folder);
}
