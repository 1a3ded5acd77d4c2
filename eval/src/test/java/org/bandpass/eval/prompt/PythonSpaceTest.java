package org.bandpass.eval.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PythonSpaceTest {

    @Test
    void theCharactersAreThoseOfPython() {
        // [hex(c) for c in range(0x110000) if chr(c).isspace()] of CPython 3.11
        String python =
                "9 a b c d 1c 1d 1e 1f 20 85 a0 1680 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 200a 2028"
                        + " 2029 202f 205f 3000";

        assertThat(IntStream.range(0, 0x10000)
                        .filter(c -> PythonSpace.is((char) c))
                        .mapToObj(Integer::toHexString)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(python);
    }

    @Test
    void onlyTheEndsAreStripped() {
        assertThat(PythonSpace.strip("\u00a0\u2028 a b\u0085\n")).isEqualTo("a b");
        assertThat(PythonSpace.stripTrailing(" a \u00a0")).isEqualTo(" a");
        assertThat(PythonSpace.strip(" \n")).isEmpty();
    }
}
