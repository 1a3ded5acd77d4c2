package org.bandpass.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.TimeoutException;
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

/** Creates the missing topics and lists all. */
@Command(
        name = "topics",
        description = "Creates the missing topics and lists all. Programs also create the topics that they use.")
final class TopicsCommand implements Callable<Integer> {

    private static final String DOCUMENTS = "documents";

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
            Set<String> before = names(admin, settings);
            created = new TopicAdmin(admin, settings.topicReplication()).ensure(topics.all());
            if (created.contains(topics.documents().name())) {
                warnOfOthers(settings.topicPrefix(), before);
            }
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

    private static Set<String> names(Admin admin, Settings settings) {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TimeoutException
                    ? ProgramFailure.noBroker(settings.kafka().get("bootstrap.servers"), e)
                    : new ProgramFailure("cannot list the topics: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while asking the cluster", e);
        }
    }

    /** A mistyped prefix creates a second set of topics, which no program reads. */
    private static void warnOfOthers(String prefix, Set<String> before) {
        List<String> others = before.stream()
                .filter(name -> name.endsWith("." + DOCUMENTS))
                .map(name -> name.substring(0, name.length() - DOCUMENTS.length()))
                .sorted()
                .toList();
        if (!others.isEmpty()) {
            System.err.println("bandpass: made new topics under the prefix " + prefix + "; there are topics under "
                    + String.join(", ", others) + " already (topic.prefix)");
        }
    }
}
