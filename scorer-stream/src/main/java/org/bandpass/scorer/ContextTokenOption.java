package org.bandpass.scorer;

import java.util.Objects;
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

/** The option that names the token before the first one; a mixin of commands that score. */
final class ContextTokenOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--context-token",
            paramLabel = "TOKEN",
            description =
                    "Token before the first one: an id, or a token as tokenizer.json spells it (default: the token that"
                            + " the tokenizer puts before a text, else its end-of-text token).")
    private @Nullable String token;

    boolean isGiven() {
        return token != null;
    }

    /**
     * Returns the given token, or else that of the folder.
     *
     * @param tokenizer the folder's, or null if only ids are scored, which needs a given token
     * @throws ProgramFailure if the folder has no such token, or its model does not know it
     */
    ContextToken of(@Nullable TextTokenizer tokenizer, LikelihoodModel model) {
        String given = token;
        try {
            ContextToken found = given == null
                    ? Objects.requireNonNull(tokenizer).contextToken()
                    : tokenizer == null ? ContextToken.ofId(given) : tokenizer.contextToken(given);
            if (found.id() < model.vocabularySize()) {
                return found;
            }
            throw given == null
                    ? new ProgramFailure("the " + found.words() + ", is outside the model's vocabulary of "
                            + model.vocabularySize() + ": the folder's tokenizer and model do not belong together")
                    : wrong("id " + found.id() + " is outside the model's vocabulary of " + model.vocabularySize());
        } catch (ModelFormatException e) {
            throw given == null
                    ? new ProgramFailure(e.getMessage() + "; --context-token names what stands before a text", e)
                    : wrong(e.getMessage());
        }
    }

    private ParameterException wrong(@Nullable String why) {
        return new ParameterException(command.commandLine(), "--context-token: " + why);
    }
}
