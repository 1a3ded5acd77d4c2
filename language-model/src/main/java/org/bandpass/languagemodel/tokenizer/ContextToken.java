package org.bandpass.languagemodel.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bandpass.languagemodel.file.JsonFile;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The token before the first token of a text, which is predicted from it.
 *
 * @param text its spelling, empty where the tokenizer has none
 * @param origin where it comes from, for people
 */
public record ContextToken(int id, String text, String origin) {
    static final String ID = "\\d{1,9}";
    static final String GIVEN = "as asked for";
    private static final String ORIGIN = "which the tokenizer's post_processor puts first";

    public String words() {
        return "context token " + id + (text.isEmpty() ? "" : " '" + text + "'") + ", " + origin;
    }

    /** @throws ModelFormatException where it is no id */
    public static ContextToken ofId(String id) {
        if (!id.matches(ID)) {
            throw new ModelFormatException(
                    "'" + id + "' is no id, and without a tokenizer.json no token is known by its text");
        }
        return new ContextToken(Integer.parseInt(id), "", GIVEN);
    }

    /** Returns the token that the folder's files put before a text, or null where they put none. */
    static @Nullable ContextToken begin(Map<String, Integer> ids, JsonNode postProcessor, TokenizerConfig config) {
        String trained = config.trainedAfter();
        Integer noted = ids.get(trained);
        if (trained != null && noted != null) {
            return new ContextToken(noted, trained, "after which the model learned texts");
        }
        ContextToken first = first(ids, postProcessor);
        if (first != null) {
            return first;
        }
        String begin = config.begin();
        Integer id = ids.get(begin);
        return begin == null || id == null
                ? null
                : new ContextToken(id, begin, "the bos_token that the tokenizer's class or add_bos_token puts first");
    }

    /**
     * Records in the {@code tokenizer_config.json} of a trained model that it learned texts after end-of-text, unless its
     * folder shows that already. The tokenizer may put another token first, which the model has never seen.
     *
     * @param tokenizerFolder whose end-of-text token was before each text
     * @param folder the model's, with a copy of the tokenizer's files
     */
    public static void recordTrained(Path tokenizerFolder, Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        TokenizerJson json = TokenizerJson.read(file);
        Integer end = end(tokenizerFolder, json);
        ContextToken begin = begin(json.ids(), json.postProcessor(), TokenizerConfig.beside(file));
        if (end == null || end.equals(begin == null ? end(folder, json) : Integer.valueOf(begin.id()))) {
            return;
        }
        Path beside = folder.resolve(TokenizerConfig.FILE);
        ObjectNode recorded = Files.exists(beside) && JsonFile.read(beside) instanceof ObjectNode known
                ? known
                : JsonNodeFactory.instance.objectNode();
        json.ids().forEach((token, id) -> {
            if (id.equals(end)) {
                recorded.put(TokenizerConfig.TRAINED_AFTER, token);
            }
        });
        Files.writeString(beside, recorded.toPrettyString() + "\n");
    }

    private static @Nullable Integer end(Path folder, TokenizerJson json) {
        return EndOfText.find(json.ids(), TokenizerConfig.beside(folder.resolve("tokenizer.json")));
    }

    private static @Nullable ContextToken first(Map<String, Integer> ids, JsonNode processor) {
        return switch (processor.path("type").asText()) {
            case "TemplateProcessing" -> ofTemplate(ids, processor);
            case "BertProcessing", "RobertaProcessing" ->
                ofPostProcessor(
                        processor.path("cls").path(0).asText(),
                        processor.path("cls").path(1));
            case "Sequence" -> {
                // The last processor with a token puts it before those of the others.
                ContextToken first = null;
                for (JsonNode inner : processor.path("processors")) {
                    ContextToken found = first(ids, inner);
                    first = found == null ? first : found;
                }
                yield first;
            }
            default -> null;
        };
    }

    private static @Nullable ContextToken ofTemplate(Map<String, Integer> ids, JsonNode template) {
        JsonNode first = template.path("single").path(0).path("SpecialToken").path("id");
        if (!first.isTextual()) {
            return null;
        }
        String text = first.asText();
        JsonNode id = template.path("special_tokens").path(text).path("ids").path(0);
        Integer known = ids.get(text);
        return id.isIntegralNumber() || known == null
                ? ofPostProcessor(text, id)
                : new ContextToken(known, text, ORIGIN);
    }

    private static @Nullable ContextToken ofPostProcessor(String text, JsonNode id) {
        return id.isIntegralNumber() && id.canConvertToInt() ? new ContextToken(id.intValue(), text, ORIGIN) : null;
    }
}
