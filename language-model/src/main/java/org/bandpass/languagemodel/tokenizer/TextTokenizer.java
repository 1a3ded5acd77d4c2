package org.bandpass.languagemodel.tokenizer;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.file.Revision;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} of HuggingFace's tokenizers. It reads a text as plain text: no special token is found in it, and
 * nothing is random, truncated or padded, even if the file has that for training.
 *
 * <p>If the file has regular expressions with unbounded time, or a text is very long, the text is encoded in another process,
 * which it may end. Thread-safe.
 */
public final class TextTokenizer implements AutoCloseable {
    /** The usual patterns take a step for each blank of a run, and the library allows ten million steps. */
    private static final int LONGEST = 4_000_000;

    private final Path file;
    private final String revision;
    private final @Nullable TextEncoder here;
    private final EncoderProcesses apart;
    private final byte[] forTexts;
    private final int vocabularySize;
    private final Map<String, Integer> ids;
    private final @Nullable Integer endOfText;
    private final @Nullable ContextToken begin;
    private @Nullable NativeEncoder decoder;

    private TextTokenizer(Path file, TokenizerJson json, TokenizerConfig config) {
        forTexts = json.forTexts(config.special()).getBytes(StandardCharsets.UTF_8);
        this.file = file;
        revision = Revision.of(List.of(file));
        ids = json.ids();
        vocabularySize =
                1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        endOfText = EndOfText.find(ids, config);
        begin = ContextToken.begin(ids, json.postProcessor(), config);
        apart = new EncoderProcesses(forTexts);
        if (json.isLinear()) {
            here = new NativeEncoder(forTexts);
        } else {
            here = null;
            apart.check();
        }
    }

    /**
     * Loads a file, or the {@code tokenizer.json} of a folder.
     *
     * @throws ModelFormatException if the file is no tokenizer
     */
    public static TextTokenizer load(Path tokenizerJson) {
        Path file = Files.isDirectory(tokenizerJson) ? tokenizerJson.resolve("tokenizer.json") : tokenizerJson;
        try {
            return new TextTokenizer(file, TokenizerJson.read(file), TokenizerConfig.beside(file));
        } catch (ModelFormatException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            // The native library throws bare RuntimeExceptions for what it cannot parse.
            throw new ModelFormatException(file + ": expected a tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * Ids of the text without special tokens.
     *
     * @throws TokenizerFailedException if the tokenizer fails on this text
     */
    public int[] encode(String text) {
        String whole = wellFormed(text);
        return encoder(whole).ids(whole);
    }

    /** Ids of the text as {@link #encode} gives them, and the bytes of text that each stands for. */
    public TokenizedText tokenize(String text) {
        String whole = wellFormed(text);
        EncodedText encoded = encoder(whole).encode(whole);
        int[] ends = new int[encoded.ids().length];
        int at = 0;
        int points = 0;
        int bytes = 0;
        for (int i = 0; i < ends.length; i++) {
            int end = i == ends.length - 1 ? whole.length() : encoded.ends()[i];
            while (points < end && at < whole.length()) {
                int point = whole.codePointAt(at);
                at += Character.charCount(point);
                bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
                points++;
            }
            ends[i] = bytes;
        }
        return new TokenizedText(encoded.ids(), ends);
    }

    /** Returns the text that ids stand for, without special tokens; an incomplete character becomes U+FFFD. */
    public synchronized String decode(int[] ids) {
        if (decoder == null) {
            // Decoding uses no regular expression, so it needs no process of its own.
            decoder = here instanceof NativeEncoder encoder ? encoder : new NativeEncoder(forTexts);
        }
        return decoder.decode(ids);
    }

    private TextEncoder encoder(String whole) {
        return here == null || whole.length() > LONGEST ? apart : here;
    }

    /** Half a surrogate pair becomes U+FFFD, as in UTF-8. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int[] points = text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .toArray();
                return new String(points, 0, points.length);
            }
        }
        return text;
    }

    /** Returns whether there is a token that ends a text. */
    public boolean hasEndOfText() {
        return endOfText != null;
    }

    /**
     * Id of the end-of-text token, which separates texts.
     *
     * @throws ModelFormatException where there is none
     */
    public int endOfText() {
        if (endOfText == null) {
            throw new ModelFormatException(
                    file + ": no end-of-text token: neither eos_token in tokenizer_config.json or"
                            + " special_tokens_map.json beside it, nor one of " + EndOfText.USUAL
                            + "; the token that ends a turn of a conversation is not one");
        }
        return endOfText;
    }

    /** Returns the token that the tokenizer itself puts before a text, or null where it puts none. */
    public @Nullable ContextToken beginOfText() {
        return begin;
    }

    /**
     * Returns the token before the first token of a text: the one that the tokenizer's post-processor puts first, otherwise the
     * begin-of-text token if {@code transformers} would put it there, otherwise end-of-text.
     *
     * @throws ModelFormatException where there is none of them
     */
    public ContextToken contextToken() {
        if (begin != null) {
            return begin;
        }
        int end = endOfText();
        return new ContextToken(end, text(end), "the end-of-text token, since the tokenizer puts none first");
    }

    /**
     * Returns the context token that a user gives by its id or its spelling.
     *
     * @throws ModelFormatException where the tokenizer has no such token
     */
    public ContextToken contextToken(String idOrText) {
        boolean isId = idOrText.matches(ContextToken.ID);
        Integer id = isId ? Integer.valueOf(idOrText) : ids.get(idOrText);
        if (id == null) {
            throw new ModelFormatException(
                    file + ": there is no token '" + idOrText + "'; give its id or its spelling");
        }
        return new ContextToken(id, isId ? text(id) : idOrText, ContextToken.GIVEN);
    }

    private String text(int id) {
        return ids.entrySet().stream()
                .filter(token -> token.getValue() == id)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    /** One more than the largest id, added tokens included. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** The first 16 hex digits of SHA-256 of the file. */
    public String revision() {
        return revision;
    }

    /** UTF-8 bytes of the text from its start to the end of the first {@code tokens} tokens. */
    public long bytesOf(String text, int tokens) {
        if (tokens == 0) {
            return 0;
        }
        String whole = wellFormed(text);
        return tokens < encoder(whole).ids(whole).length
                ? tokenize(whole).ends()[tokens - 1]
                : whole.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public synchronized void close() {
        if (decoder != null && decoder != here) {
            decoder.close();
        }
        if (here != null) {
            here.close();
        }
        apart.close();
    }
}
