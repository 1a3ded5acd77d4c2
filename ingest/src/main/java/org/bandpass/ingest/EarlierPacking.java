package org.bandpass.ingest;

import java.util.List;
import org.bandpass.schemas.SequenceRemainder;

/**
 * What earlier ingests of sequences left.
 *
 * @param sequences sequences written so far, under all names together
 * @param packers what waits in the packers of this name
 */
record EarlierPacking(long sequences, List<SequenceRemainder> packers) {

    static final EarlierPacking NONE = new EarlierPacking(0, List.of());
}
