package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizeDocumentTest {

    @TempDir
    private Path folder;

    private TextTokenizer tokenizer;

    @BeforeEach
    void open() {
        tokenizer = TextTokenizer.load(TestModels.tokenizer(folder));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void countsTheTokensAndBytesThatAreScored() {
        Document document = Texts.finalDocument(Texts.words(1, 500));

        FlightDocument whole = read(document, Long.MAX_VALUE);
        FlightDocument part = read(document, 10);

        assertThat(whole.tokens()).isEqualTo(whole.ids().length).isGreaterThan(10);
        assertThat(whole.content().bytes()).isEqualTo(document.getBytes());
        assertThat(part.tokens()).isEqualTo(10);
        assertThat(part.ids()).isEqualTo(whole.ids());
        assertThat(part.content().bytes()).isEqualTo(tokenizer.bytesOf(document.getText(), 10));
    }

    @Test
    void keepsOffsetTimestampAndKey() {
        FlightDocument read = read(Texts.finalDocument("x"), Long.MAX_VALUE);

        assertThat(read.offset()).isEqualTo(42);
        assertThat(read.timestamp()).isEqualTo(ConsumerRecord.NO_TIMESTAMP);
        assertThat(new String(read.key(), StandardCharsets.UTF_8)).isEqualTo("key");
    }

    @Test
    void keepsTheRefusedBytes() {
        byte[] garbage = {1, 2, 3};

        FlightDocument read = new TokenizeDocument(
                        tokenizer, TestModels.VOCABULARY, Long.MAX_VALUE, DeadLetterPositions.NONE)
                .read(record(null, garbage));

        assertThat(read.content().refusal()).isNotNull();
        assertThat(read.content().refusal().reason()).isEqualTo(DeadLetterReason.UNREADABLE_RECORD);
        assertThat(read.content().refusal().content()).isEqualTo(garbage);
        assertThat(new String(read.key(), StandardCharsets.UTF_8)).isEqualTo("1/42");
        assertThat(read.tokens()).isZero();
    }

    @Test
    void aTextAtWhichTheNativeTokenizerPanicsIsRefusedAndTheNextIsNot() throws IOException {
        tokenizer.close();
        tokenizer = TextTokenizer.load(Texts.resource(folder, "tokenizer-nested-quantifier.json"));

        FlightDocument run = read(Texts.finalDocument("a".repeat(30)), Long.MAX_VALUE);
        FlightDocument after = read(Texts.finalDocument("aab"), Long.MAX_VALUE);

        assertThat(run.content().refusal()).isNotNull();
        assertThat(run.content().refusal().reason()).isEqualTo(DeadLetterReason.TOKENIZER_FAILED);
        assertThat(run.content().refusal().detail()).doesNotContain("aaa");
        assertThat(after.ids()).containsExactly(0, 0, 1);
    }

    private FlightDocument read(Document document, long mostTokens) {
        return new TokenizeDocument(tokenizer, TestModels.VOCABULARY, mostTokens, DeadLetterPositions.NONE)
                .read(record("key".getBytes(StandardCharsets.UTF_8), ScorerCluster.bytes(document)));
    }

    private static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] key, byte[] value) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("documents", 1, 42, key, value);
        record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes("final"));
        return record;
    }
}
