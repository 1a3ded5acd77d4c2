package org.bandpass.languagemodel.tokenizer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The program of a process that encodes texts for another one, because a text may end it. It ends with its input. */
final class EncoderMain {
    /** Exit code when a text takes too long. */
    static final int GAVE_UP = 3;

    private static final long SECONDS = 60;
    private static final long SECONDS_PER_MILLION = 60;
    private static final long MILLION = 1_000_000;

    private volatile boolean busy;
    private volatile long deadline;

    private EncoderMain() {}

    public static void main(String[] none) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        // Output of a library must not get into the answers.
        System.setOut(System.err);
        new EncoderMain().serve(in, out);
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        NativeEncoder encoder;
        try {
            encoder = new NativeEncoder(EncoderMessages.readBytes(in));
        } catch (RuntimeException e) {
            EncoderMessages.writeFailure(out, String.valueOf(e.getMessage()));
            return;
        }
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "bandpass-encoder-watch");
            thread.setDaemon(true);
            return thread;
        });
        watch.scheduleWithFixedDelay(this::giveUpWhenLate, 1, 1, TimeUnit.SECONDS);
        try (encoder) {
            EncoderMessages.writeResult(out, new EncodedText(new int[0], new int[0]));
            while (true) {
                encode(encoder, EncoderMessages.readText(in), out);
            }
        } catch (EOFException e) {
            watch.shutdownNow();
        }
    }

    private void encode(NativeEncoder encoder, String text, DataOutputStream out) throws IOException {
        deadline =
                System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS + SECONDS_PER_MILLION * text.length() / MILLION);
        busy = true;
        EncodedText encoded;
        try {
            encoded = encoder.encode(text);
        } catch (TokenizerFailedException e) {
            EncoderMessages.writeFailure(out, String.valueOf(e.getMessage()));
            return;
        } finally {
            busy = false;
        }
        EncoderMessages.writeResult(out, encoded);
    }

    private void giveUpWhenLate() {
        if (busy && System.nanoTime() - deadline > 0) {
            Runtime.getRuntime().halt(GAVE_UP);
        }
    }
}
