package org.bandpass.trainer.run;

import java.nio.file.Path;

/**
 * A complete checkpoint.
 *
 * @param folder where it is
 * @param progress how far the run was
 */
record Checkpoint(Path folder, RunProgress progress) {}
