package org.bandpass.selector.router;

/**
 * A scored record on its way to bands.
 *
 * @param partition where it came from and goes to: hashing the key anew would move records that another client placed
 * @param value its bytes, untouched
 */
record BandRecord(int partition, byte[] value) {}
