package org.bandpass.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.bandpass.schemas.TopicSpec;

/** Compares how large a record may be for topics, which may have been created by others, with how large one can become. */
final class TopicLimits {

    private TopicLimits() {}

    /** Returns a remark for each topic that takes less; none where the cluster does not say. */
    static List<String> remarks(Admin admin, List<TopicSpec> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                .toList();
        try {
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(resources).all().get();
            List<String> remarks = new ArrayList<>();
            for (int i = 0; i < topics.size(); i++) {
                Config config = configs.get(resources.get(i));
                ConfigEntry limit = config == null ? null : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
                if (limit != null
                        && Long.parseLong(limit.value()) < topics.get(i).maxRecordBytes()) {
                    remarks.add(remark(topics.get(i), limit.value()));
                }
            }
            return remarks;
        } catch (ExecutionException e) {
            // Not everybody may ask; what is too large is found when it is written.
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static String remark(TopicSpec topic, String limit) {
        return "topic " + topic.name() + " takes records of " + limit + " bytes ("
                + TopicConfig.MAX_MESSAGE_BYTES_CONFIG
                + "), compressed; with document.max.bytes as it is, one may have " + topic.maxRecordBytes()
                + ". A document that the cluster refuses becomes a dead letter: raise the topic's limit, or lower"
                + " document.max.bytes";
    }
}
