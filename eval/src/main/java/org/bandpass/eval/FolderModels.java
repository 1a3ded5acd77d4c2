package org.bandpass.eval;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ProgramFailure;

/** Opens HuggingFace folders with their {@code tokenizer.json} on one device. */
final class FolderModels implements RunModel.Opener {

    private static final String CPU = "cpu";

    private final String device;
    private final String dtype;

    FolderModels(String device, String dtype) {
        this.device = device;
        this.dtype = dtype;
    }

    @Override
    public RunModel open(Path folder) {
        TextTokenizer tokenizer = tokenizer(folder);
        try {
            return new Opened(model(folder), tokenizer, contextToken(folder, tokenizer));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static TextTokenizer tokenizer(Path folder) {
        try {
            return TextTokenizer.load(folder);
        } catch (RuntimeException e) {
            throw unreadable(folder, "tokenizer", e);
        }
    }

    private static int contextToken(Path folder, TextTokenizer tokenizer) {
        try {
            return tokenizer.contextToken().id();
        } catch (RuntimeException e) {
            throw unreadable(folder, "tokenizer", e);
        }
    }

    private LikelihoodModel model(Path folder) {
        try {
            return LanguageModel.load(folder, device, dtype);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw unreadable(folder, "model", e);
        } catch (IllegalStateException e) {
            throw unusable(e);
        } catch (RuntimeException e) {
            // What fails on the CPU is the folder's fault; elsewhere it may be the device's, and then every run would
            // fail.
            throw device.equals(CPU) ? unreadable(folder, "model", e) : unusable(e);
        }
    }

    private ProgramFailure unusable(RuntimeException e) {
        return new ProgramFailure("no model can be computed on " + device + " here: " + e.getMessage(), e);
    }

    private static RefusedRunException unreadable(Path folder, String what, RuntimeException e) {
        return new RefusedRunException(
                Reason.UNREADABLE_MODEL, "the " + what + " in " + folder + " cannot be read: " + e.getMessage(), e);
    }

    private record Opened(LikelihoodModel likelihood, TextTokenizer tokenizer, int contextToken) implements RunModel {

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
            likelihood.close();
            tokenizer.close();
        }
    }
}
