package org.bandpass.languagemodel.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongFunction;
import org.bandpass.languagemodel.file.Djl;

/**
 * The native library in this process, which a panic of the library ends. Calls the library's own interface, because DJL's
 * {@code encode} makes a string, an object and five more numbers for each token.
 */
final class NativeEncoder implements TextEncoder {
    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

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
    public int[] ids(String text) {
        return encoded(text, NativeEncoder::ids);
    }

    @Override
    public EncodedText encode(String text) {
        return encoded(text, encoding -> {
            CharSpan[] spans = LIBRARY.getTokenCharSpans(encoding);
            int[] ends = new int[spans.length];
            Arrays.setAll(ends, i -> spans[i] == null ? 0 : spans[i].getEnd());
            return new EncodedText(ids(encoding), ends);
        });
    }

    /** Returns the text of ids without special tokens; half a character becomes U+FFFD. */
    String decode(int[] ids) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
    }

    private static int[] ids(long encoding) {
        long[] ids = LIBRARY.getTokenIds(encoding);
        int[] narrow = new int[ids.length];
        Arrays.setAll(narrow, i -> (int) ids[i]);
        return narrow;
    }

    private <T> T encoded(String text, LongFunction<T> reading) {
        try {
            long encoding = LIBRARY.encode(tokenizer.getHandle(), text, false);
            try {
                return reading.apply(encoding);
            } finally {
                LIBRARY.deleteEncoding(encoding);
            }
        } catch (RuntimeException e) {
            // Without the cause, whose message may quote the text.
            throw new TokenizerFailedException(
                    "the tokenizer fails with " + e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
