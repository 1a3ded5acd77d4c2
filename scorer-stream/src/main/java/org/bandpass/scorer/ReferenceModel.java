package org.bandpass.scorer;

import java.util.Map;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.tokenizer.ContextToken;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;

/**
 * A reference model on one or more devices, with its tokenizer. Close it after the last use by any thread: it frees native
 * memory.
 *
 * @param devices the model by the name of its device, at least one
 * @param context token before the first one of a text
 * @param dtype number type of the model, fp32 or bf16
 */
record ReferenceModel(Map<String, LikelihoodModel> devices, TextTokenizer tokenizer, ContextToken context, String dtype)
        implements AutoCloseable {

    String modelRevision() {
        return any().revision();
    }

    int vocabularySize() {
        return any().vocabularySize();
    }

    /** Returns how many tokens of a document are scored at most; 0 windows is no cap. */
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
