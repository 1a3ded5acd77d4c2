package org.bandpass.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Creates the topics that do not exist yet, and lists all. */
@Command(
        name = "topics",
        description =
                "Creates the topics that do not exist yet (programs do so too, for those they use) and lists all.")
final class TopicsCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Settings settings = options.settings(new ConfigDef());
        Topics topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        List<String> created;
        try (Admin admin = Admin.create(settings.kafka())) {
            created = new TopicAdmin(admin, settings.topicReplication()).ensure(topics.all());
        } catch (IllegalStateException e) {
            throw new ProgramFailure(String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        for (TopicSpec topic : topics.all()) {
            out.printf(
                    "%-40s %3d partitions  %-8s %s%n",
                    topic.name(),
                    topic.partitions(),
                    topic.kept() == TopicSpec.Kept.COMPACT ? "compact" : "forever",
                    created.contains(topic.name()) ? "created" : "");
        }
        out.flush();
        return 0;
    }
}
