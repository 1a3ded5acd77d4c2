package org.bandpass.selector.router;

/**
 * A scored record on its way to bands.
 *
 * @param partition its own and that of its band records: hashing the key again would move records that another client placed
 * @param value its bytes, untouched
 */
record BandRecord(int partition, byte[] value) {}
