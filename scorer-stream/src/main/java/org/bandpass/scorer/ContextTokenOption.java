package org.bandpass.scorer;

import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.tokenizer.ContextToken;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What stands before the first token, where a user names it; mixed into commands that score. */
final class ContextTokenOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--context-token",
            paramLabel = "TOKEN",
            description =
                    "What stands before the first token: an id, or a token as tokenizer.json spells it (default: what the"
                            + " tokenizer puts before a text, else its end-of-text token).")
    private @Nullable String token;

    boolean isGiven() {
        return token != null;
    }

    /**
     * Returns the token that the user named, or else the folder's.
     *
     * @param tokenizer the folder's, or null where it has none and ids alone are scored
     * @throws ProgramFailure if the folder has none, or none that its model knows
     */
    ContextToken of(@Nullable TextTokenizer tokenizer, LikelihoodModel model) {
        return token == null && tokenizer != null ? ofFolder(tokenizer, model) : given(tokenizer, model);
    }

    private static ContextToken ofFolder(TextTokenizer tokenizer, LikelihoodModel model) {
        ContextToken found;
        try {
            found = tokenizer.contextToken();
        } catch (ModelFormatException e) {
            throw new ProgramFailure(e.getMessage() + "; --context-token names what stands before a text", e);
        }
        if (found.id() >= model.vocabularySize()) {
            throw new ProgramFailure("the " + found.words() + ", is outside the model's vocabulary of "
                    + model.vocabularySize() + ": the folder's tokenizer and model do not belong together");
        }
        return found;
    }

    private ContextToken given(@Nullable TextTokenizer tokenizer, LikelihoodModel model) {
        ContextToken named;
        try {
            named = tokenizer == null
                    ? ContextToken.ofId(String.valueOf(token))
                    : tokenizer.contextToken(String.valueOf(token));
        } catch (ModelFormatException e) {
            throw wrong(e.getMessage());
        }
        if (named.id() >= model.vocabularySize()) {
            throw wrong("id " + named.id() + " is outside the model's vocabulary of " + model.vocabularySize());
        }
        return named;
    }

    private ParameterException wrong(@Nullable String why) {
        return new ParameterException(command.commandLine(), "--context-token: " + why);
    }
}
