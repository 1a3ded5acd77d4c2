package org.bandpass.trainer.run;

import java.nio.file.Path;

/** A complete checkpoint. */
record Checkpoint(Path folder, RunProgress progress) {}
