package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentIdTest {

    @Test
    void isTheBeginningOfSha256OverTheUtf8Text() {
        // The well-known digest of "abc" (FIPS 180-2), first 16 bytes.
        assertThat(DocumentId.of("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223");
        assertThat(DocumentId.of("é")).isNotEqualTo(DocumentId.of("e"));
    }

    @Test
    void ofASequenceHashesItsIdsBigEndian() {
        byte[] bytes = {0, 0, 0, 1, 0, 1, 0, 0};

        assertThat(DocumentId.of(new int[] {1, 65_536})).isEqualTo(DocumentId.of(bytes));
    }
}
