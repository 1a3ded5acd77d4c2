package org.bandpass.eval;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.languagemodel.ContinuationModel;
import org.bandpass.languagemodel.DeviceOptions;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.tokenizer.ContextToken;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Opens HuggingFace folders with their {@code tokenizer.json} on one device. */
record FolderModels(String device, String dtype) implements RunModel.Opener {

    @Override
    public RunModel open(Path folder) {
        TextTokenizer tokenizer = readable(folder, () -> TextTokenizer.load(folder));
        try {
            int contextToken = readable(folder, () -> tokenizer.contextToken().id());
            return new Opened(model(folder), tokenizer, contextToken);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static <T> T readable(Path folder, Supplier<T> tokenizer) {
        try {
            return tokenizer.get();
        } catch (RuntimeException e) {
            throw unreadable(folder, "tokenizer", e);
        }
    }

    private LanguageModel model(Path folder) {
        try {
            return LanguageModel.load(folder, device, dtype);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw unreadable(folder, "model", e);
        } catch (RuntimeException e) {
            // A model that fails on the CPU is unreadable; on another device every model may fail.
            if (device.equals(DeviceOptions.CPU) && !(e instanceof IllegalStateException)) {
                throw unreadable(folder, "model", e);
            }
            throw new ProgramFailure("no model can be computed on " + device + " here: " + e.getMessage(), e);
        }
    }

    private static RefusedRunException unreadable(Path folder, String what, RuntimeException e) {
        return new RefusedRunException(
                Reason.UNREADABLE_MODEL, "the " + what + " in " + folder + " cannot be read: " + e.getMessage(), e);
    }

    private record Opened(LanguageModel model, TextTokenizer tokenizer, int contextToken) implements RunModel {

        @Override
        public LikelihoodModel likelihood() {
            return model;
        }

        @Override
        public ContinuationModel continuations() {
            return model;
        }

        @Override
        public String decode(int[] ids) {
            return tokenizer.decode(ids);
        }

        @Override
        public @Nullable Integer beginOfText() {
            ContextToken begin = tokenizer.beginOfText();
            return begin == null ? null : begin.id();
        }

        @Override
        public @Nullable Integer endOfText() {
            return tokenizer.hasEndOfText() ? tokenizer.endOfText() : null;
        }

        @Override
        public String tokenizerRevision() {
            return tokenizer.revision();
        }

        @Override
        public int[] encode(String text) {
            return tokenizer.encode(text);
        }

        @Override
        public long bytesOf(String text, int tokens) {
            return tokenizer.bytesOf(text, tokens);
        }

        @Override
        public void close() {
            model.close();
            tokenizer.close();
        }
    }
}
