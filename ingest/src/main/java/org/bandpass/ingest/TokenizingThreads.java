package org.bandpass.ingest;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Tokenizes texts on several threads, as one thread is much slower than the reading. */
final class TokenizingThreads implements AutoCloseable {

    private static final int CLOSE_SECONDS = 30;

    private final SequenceSettings settings;
    private final TextTokenizer tokenizer;
    private final int endOfText;
    private final ExecutorService threads;

    private TokenizingThreads(SequenceSettings settings, TextTokenizer tokenizer) {
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.endOfText = tokenizer.endOfText();
        int processors = Runtime.getRuntime().availableProcessors();
        int count = settings.threads() == 0 ? processors : settings.threads();
        AtomicInteger next = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "ingest-tokenizer-" + next.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Loads the tokenizer and starts the threads; returns null where whole documents are written.
     *
     * @throws ProgramFailure if the file is no tokenizer, or the tokenizer has no end-of-text token
     */
    static @Nullable TokenizingThreads start(@Nullable SequenceSettings settings) {
        if (settings == null) {
            return null;
        }
        Path file = settings.tokenizer();
        if (!Files.exists(file)) {
            throw new ProgramFailure("there is no tokenizer " + file + ": name a tokenizer.json or a folder with one");
        }
        TextTokenizer tokenizer = null;
        try {
            tokenizer = TextTokenizer.load(file);
            return new TokenizingThreads(settings, tokenizer);
        } catch (ModelFormatException | UncheckedIOException e) {
            if (tokenizer != null) {
                tokenizer.close();
            }
            throw new ProgramFailure("cannot pack sequences with the tokenizer " + file + ": " + e.getMessage(), e);
        }
    }

    SequenceSettings settings() {
        return settings;
    }

    int endOfText() {
        return endOfText;
    }

    String revision() {
        return tokenizer.revision();
    }

    Future<TokenizedText> tokenize(String text) {
        return threads.submit(() -> tokenizer.tokenize(text));
    }

    /**
     * Waits for the tokens of a text.
     *
     * @throws TokenizerFailedException if the tokenizer failed on the text
     */
    static TokenizedText await(Future<TokenizedText> text) {
        try {
            return text.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for tokens", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error fatal) {
                throw fatal;
            }
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException("the tokenizer's thread failed", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            // The native tokenizer must not be closed while a thread uses it.
            if (threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                tokenizer.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
