package org.bandpass.eval;

import java.nio.file.Path;
import org.bandpass.eval.gauntlet.GauntletModel;
import org.bandpass.languagemodel.LikelihoodModel;

/** The model of a run with its own tokenizer. One thread at a time. */
interface RunModel extends GauntletModel, AutoCloseable {

    /** Opens the models of runs. */
    interface Opener {

        /**
         * Opens the model in a folder, which exists; the caller closes it.
         *
         * @throws RefusedRunException if the folder holds no usable model
         * @throws org.bandpass.service.ProgramFailure if no model at all can be opened here
         */
        RunModel open(Path folder);
    }

    LikelihoodModel likelihood();

    /** Returns the id in front of a text's first token. */
    int contextToken();

    String tokenizerRevision();

    @Override
    void close();
}
