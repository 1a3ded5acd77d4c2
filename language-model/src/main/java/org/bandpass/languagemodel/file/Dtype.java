package org.bandpass.languagemodel.file;

import java.util.Arrays;

/** Number types of safetensors: their size, and whether a weight may have them. */
public enum Dtype {
    F64(8, true),
    F32(4, true),
    F16(2, true),
    BF16(2, true),
    I64(8, false),
    I32(4, false),
    I16(2, false),
    I8(1, false),
    U64(8, false),
    U32(4, false),
    U16(2, false),
    U8(1, false),
    BOOL(1, false),
    F8_E4M3(1, false),
    F8_E5M2(1, false);

    public final int bytes;
    public final boolean real;

    Dtype(int bytes, boolean real) {
        this.bytes = bytes;
        this.real = real;
    }

    /** @throws ModelFormatException where safetensors has no type of that name; it begins with {@code where} */
    static Dtype named(String where, String name) {
        return Arrays.stream(values())
                .filter(dtype -> dtype.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ModelFormatException(
                        where + ": dtype " + name + " is unknown; expected one of " + Arrays.toString(values())));
    }
}
