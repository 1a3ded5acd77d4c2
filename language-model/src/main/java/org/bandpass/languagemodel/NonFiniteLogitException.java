package org.bandpass.languagemodel;

/** The largest logit after a prompt is no finite number: the training diverged, or the device computes wrongly. */
public final class NonFiniteLogitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int prompt;

    /** @param prompt index of the prompt that was continued */
    public NonFiniteLogitException(int prompt) {
        super("the logits after prompt " + prompt + " are not finite: the model cannot continue it");
        this.prompt = prompt;
    }

    /** Returns the index of the prompt that was continued. */
    public int prompt() {
        return prompt;
    }

    /** Returns an id, or throws where the program gave none. */
    static int check(long id, int prompt) {
        if (id < 0) {
            throw new NonFiniteLogitException(prompt);
        }
        return (int) id;
    }
}
