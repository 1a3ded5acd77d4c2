package org.bandpass.scorer;

import java.util.Map;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.tokenizer.ContextToken;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;

/**
 * A reference model with its tokenizer, once for each device. Close frees native memory, after the last use by any thread.
 *
 * @param devices the model by the name of its device, at least one
 * @param tokenizer what makes its ids
 * @param context what stands before the first token of a text
 * @param dtype numbers that it computes in, fp32 or bf16
 */
record ReferenceModel(Map<String, LikelihoodModel> devices, TextTokenizer tokenizer, ContextToken context, String dtype)
        implements AutoCloseable {

    String modelRevision() {
        return any().revision();
    }

    String tokenizerRevision() {
        return tokenizer.revision();
    }

    int vocabularySize() {
        return any().vocabularySize();
    }

    /** Returns how many tokens of a document are scored under a cap on windows; 0 is no cap. */
    long mostTokens(int maxWindows) {
        return maxWindows == 0 ? Long.MAX_VALUE : (long) maxWindows * any().contextLength();
    }

    private LikelihoodModel any() {
        return devices.values().iterator().next();
    }

    @Override
    public void close() {
        devices.values().forEach(LikelihoodModel::close);
        tokenizer.close();
    }
}
