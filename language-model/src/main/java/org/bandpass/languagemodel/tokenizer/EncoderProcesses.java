package org.bandpass.languagemodel.tokenizer;

import java.io.IOException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Encodes texts in other processes, one for each concurrent call: a text on which the native library panics ends one of them. */
final class EncoderProcesses implements TextEncoder {
    /** Exit code of an aborted process: 128 and the signal's number. */
    private static final int ABORTED = 134;

    private final byte[] json;
    private final Deque<EncoderProcess> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    EncoderProcesses(byte[] json) {
        this.json = json;
    }

    /** Starts the first process, and fails as {@link EncoderProcess#start} does. */
    void check() {
        giveBack(EncoderProcess.start(json));
    }

    @Override
    public EncodedText encode(String text) {
        for (int attempt = 1; ; attempt++) {
            EncoderProcess known = idle.poll();
            EncoderProcess process = known == null ? EncoderProcess.start(json) : known;
            try {
                EncodedText encoded = process.encode(text);
                giveBack(process);
                return encoded;
            } catch (TokenizerFailedException e) {
                giveBack(process);
                throw e;
            } catch (IOException e) {
                int code = process.end();
                // A process that ended otherwise may have been killed from outside: the text gets a second attempt.
                if (code == ABORTED || code == EncoderMain.GAVE_UP || attempt == 2) {
                    throw new TokenizerFailedException(
                            code == EncoderMain.GAVE_UP
                                    ? "the tokenizer takes too long for the text"
                                    : "the tokenizer's process ended with code " + code + " at the text");
                }
            }
        }
    }

    private void giveBack(EncoderProcess process) {
        idle.push(process);
        if (closed) {
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (EncoderProcess process = idle.poll(); process != null; process = idle.poll()) {
            process.close();
        }
    }
}
