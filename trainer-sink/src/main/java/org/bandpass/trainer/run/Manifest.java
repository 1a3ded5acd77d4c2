package org.bandpass.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.common.utils.AppInfoParser;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.languagemodel.file.Djl;
import org.bandpass.schemas.Plan;
import org.jspecify.annotations.Nullable;

/** Where a run comes from, for people and reports: versions, revisions, settings and device. */
final class Manifest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Manifest() {}

    /** Returns the manifest of a run that begins here and now. */
    static JsonNode of(
            RunRequest request,
            TrainerSettings settings,
            TrainedModel model,
            TrainingRecipe recipe,
            String tokenizerRevision,
            @Nullable Plan plan) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("version", Manifest.class.getPackage().getImplementationVersion());
        json.put("revision", System.getProperty("bandpass.revision", System.getenv("BANDPASS_REVISION")));
        json.put("java", System.getProperty("java.version"));
        json.put("kafka", AppInfoParser.getVersion());
        json.put("djl", Djl.version());
        json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("device", request.compute().device());
        json.put("dtype", request.compute().dtype());
        json.put("seed", request.seed());
        json.put("preset", model.name());
        json.set("config", parsed(model.config().toJson()));
        json.set("recipe", MAPPER.valueToTree(recipe));
        json.put("tokenizerRevision", tokenizerRevision);
        json.put("cutsVersion", plan == null ? null : plan.getCutsVersion());
        json.put("scoringModelRevision", plan == null ? null : plan.getModelRevision());
        json.set("settings", MAPPER.valueToTree(settings.settings().effective()));
        return json;
    }

    private static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a model's config is JSON", e);
        }
    }
}
