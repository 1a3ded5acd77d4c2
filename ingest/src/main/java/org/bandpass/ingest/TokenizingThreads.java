package org.bandpass.ingest;

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

/** Makes tokens of texts on threads of its own: one alone would be a small part as fast as the reading. */
final class TokenizingThreads implements AutoCloseable {

    private static final int CLOSE_SECONDS = 30;

    private final TextTokenizer tokenizer;
    private final ExecutorService threads;

    private TokenizingThreads(TextTokenizer tokenizer, int count) {
        this.tokenizer = tokenizer;
        AtomicInteger next = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "ingest-tokenizer-" + next.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Loads the tokenizer and starts the threads; returns null where documents stay as they are.
     *
     * @throws ProgramFailure if it is none, or has no end of text
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
            // Asked for here, before anything is written.
            tokenizer.endOfText();
            int processors = Runtime.getRuntime().availableProcessors();
            return new TokenizingThreads(tokenizer, settings.threads() == 0 ? processors : settings.threads());
        } catch (ModelFormatException | java.io.UncheckedIOException e) {
            if (tokenizer != null) {
                tokenizer.close();
            }
            throw new ProgramFailure("cannot pack sequences with the tokenizer " + file + ": " + e.getMessage(), e);
        }
    }

    PackingRules rules(SequenceSettings settings) {
        return new PackingRules(settings.tokens(), settings.mostDomains(), tokenizer.endOfText(), tokenizer.revision());
    }

    Future<TokenizedText> tokenize(String text) {
        return threads.submit(() -> tokenizer.tokenize(text));
    }

    /**
     * Waits for tokens.
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
            // The native tokenizer must not go while a thread is in it.
            if (threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                tokenizer.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
