package org.bandpass.languagemodel.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.bandpass.languagemodel.file.Djl;

/** The native library within this process, which a panic in it ends. */
final class NativeEncoder implements TextEncoder {
    private final HuggingFaceTokenizer tokenizer;

    /** @throws RuntimeException where the library cannot parse the JSON */
    NativeEncoder(byte[] json) {
        Djl.stayOffline();
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        } catch (IOException e) {
            throw new UncheckedIOException("the native tokenizer cannot be loaded", e);
        }
    }

    @Override
    public EncodedText encode(String text) {
        Encoding encoding;
        try {
            encoding = tokenizer.encode(text, false, false);
        } catch (RuntimeException e) {
            // Without the cause, whose message may quote the text.
            throw new TokenizerFailedException(
                    "the tokenizer fails with " + e.getClass().getSimpleName());
        }
        long[] ids = encoding.getIds();
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] narrow = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            narrow[i] = (int) ids[i];
            ends[i] = spans[i] == null ? 0 : spans[i].getEnd();
        }
        return new EncodedText(narrow, ends);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
