package org.bandpass.languagemodel;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@code tokenizer.json} of HuggingFace's tokenizers. Thread-safe. */
public final class TextTokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";
    /** What families call the end of a text, where no file beside the tokenizer says it. */
    private static final List<String> USUAL_ENDS = List.of("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>");

    private final Path file;
    private final String revision;
    private final HuggingFaceTokenizer tokenizer;
    private final int vocabularySize;
    private final @Nullable Integer endOfText;

    private TextTokenizer(Path file, String revision, HuggingFaceTokenizer tokenizer, Map<String, Integer> ids) {
        this.file = file;
        this.revision = revision;
        this.tokenizer = tokenizer;
        vocabularySize =
                1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        endOfText = findEnd(ids);
    }

    /**
     * Loads a file, or the {@code tokenizer.json} of a folder.
     *
     * @throws ModelFormatException where it is none
     */
    public static TextTokenizer load(Path tokenizerJson) {
        Path file = Files.isDirectory(tokenizerJson) ? tokenizerJson.resolve(FILE) : tokenizerJson;
        Torch.stayOffline();
        try {
            JsonNode json = JsonFile.read(file);
            if (!(json instanceof ObjectNode object)) {
                throw new ModelFormatException(file + ": expected a JSON object, found " + json.getNodeType());
            }
            Map<String, Integer> ids = ids(file, object);
            // A score is of the whole text, whatever the file says about models of fixed length.
            object.putNull("truncation").putNull("padding");
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(object.toString().getBytes(StandardCharsets.UTF_8)),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
            return new TextTokenizer(file, ModelFolder.hash(List.of(file)), tokenizer, ids);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            // The native library throws bare RuntimeExceptions for what it cannot parse.
            throw new ModelFormatException(file + ": expected a tokenizer: " + e.getMessage(), e);
        }
    }

    private static Map<String, Integer> ids(Path file, ObjectNode json) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        JsonNode vocabulary = json.path("model").path("vocab");
        vocabulary
                .properties()
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        if (vocabulary.isArray()) {
            // Unigram models list [piece, score] by id.
            for (int i = 0; i < vocabulary.size(); i++) {
                ids.put(vocabulary.get(i).path(0).asText(), i);
            }
        }
        for (JsonNode added : json.path("added_tokens")) {
            ids.put(added.path("content").asText(), added.path("id").asInt());
        }
        if (ids.isEmpty()) {
            throw new ModelFormatException(file + ": model.vocab: expected tokens and ids, found none");
        }
        return ids;
    }

    private @Nullable Integer findEnd(Map<String, Integer> ids) {
        for (String beside : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            JsonNode said = read(file.resolveSibling(beside)).path("eos_token");
            Integer id = ids.get(said.isObject() ? said.path("content").asText() : said.asText());
            if (id != null) {
                return id;
            }
        }
        return USUAL_ENDS.stream()
                .map(ids::get)
                .filter(id -> id != null)
                .findFirst()
                .orElse(null);
    }

    private static JsonNode read(Path json) {
        return Files.exists(json) ? JsonFile.read(json) : MissingNode.getInstance();
    }

    /** Ids of the text without special tokens. */
    public int[] encode(String text) {
        long[] ids = encoding(text).getIds();
        int[] narrow = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            narrow[i] = (int) ids[i];
        }
        return narrow;
    }

    /** Ids of the text without special tokens, and the bytes of text that each stands for. */
    public TokenizedText tokenize(String text) {
        String whole = wellFormed(text);
        Encoding encoding = tokenizer.encode(whole, false, false);
        long[] ids = encoding.getIds();
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] narrow = new int[ids.length];
        int[] ends = new int[ids.length];
        int at = 0;
        int points = 0;
        int bytes = 0;
        for (int i = 0; i < ids.length; i++) {
            narrow[i] = (int) ids[i];
            // Spans count code points; a token without one stands for nothing of its own.
            int end = i == ids.length - 1 ? whole.length() : spans[i] == null ? 0 : spans[i].getEnd();
            while (points < end && at < whole.length()) {
                int point = whole.codePointAt(at);
                at += Character.charCount(point);
                bytes += utf8Bytes(point);
                points++;
            }
            ends[i] = bytes;
        }
        return new TokenizedText(narrow, ends);
    }

    private static int utf8Bytes(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }

    private Encoding encoding(String text) {
        return tokenizer.encode(wellFormed(text), false, false);
    }

    /** Half a surrogate pair is no character: it becomes U+FFFD, as it does wherever the text is written as UTF-8. */
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

    /** Id of the end-of-text token. */
    public int endOfText() {
        if (endOfText == null) {
            throw new ModelFormatException(
                    file + ": no end-of-text token: neither eos_token in tokenizer_config.json or"
                            + " special_tokens_map.json beside it, nor one of " + USUAL_ENDS);
        }
        return endOfText;
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
        String whole = wellFormed(text);
        CharSpan[] spans = tokenizer.encode(whole, false, false).getCharTokenSpans();
        if (tokens >= spans.length) {
            return whole.getBytes(StandardCharsets.UTF_8).length;
        }
        int end = 0;
        for (int i = 0; i < tokens; i++) {
            end = spans[i] == null ? end : Math.max(end, spans[i].getEnd());
        }
        String covered = whole.substring(0, whole.offsetByCodePoints(0, end));
        return covered.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
