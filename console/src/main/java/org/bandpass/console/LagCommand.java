package org.bandpass.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how far each program that follows a topic is behind, in documents. */
@Command(
        name = "lag",
        description = {
            "Shows how far each program that follows a topic is behind, in documents.",
            "Counts the committed records that are work for the program: for the scorer those of the final split, for a"
                    + " trainer the rest of its snapshot, for eval finished runs. Transaction markers and aborted records"
                    + " do not count.",
            "If a group's offsets have expired, the program's output shows where it resumes. An unknown lag is shown as"
                    + " unknown, with the reason."
        })
public final class LagCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--json", description = "Print one JSON object a line instead of the table.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static ConfigDef settings() {
        return ConsoleSettings.definition();
    }

    @Override
    public Integer call() {
        ConsoleSettings settings = ConsoleSettings.of(options.settings(ConsoleSettings.definition()));
        List<Lag> lags = lags(settings);
        if (json) {
            LagTable.printJson(lags, spec.commandLine().getOut());
        } else {
            LagTable.print(lags, spec.commandLine().getOut());
        }
        return 0;
    }

    static List<Lag> lags(ConsoleSettings settings) {
        try (Positions positions = new Positions(settings);
                Consumer<byte[], byte[]> reader = Clients.reader(settings.reader(), settings.topics())) {
            List<Following> followings = new Pipeline(settings.topics(), reader, positions).followings();
            Map<Following, Work> works = works(followings, positions, reader);
            count(works, settings, positions, reader);
            Instant now = Instant.now();
            return followings.stream()
                    .map(following -> lag(following, works.get(following), positions, now))
                    .toList();
        } catch (TimeoutException e) {
            throw ProgramFailure.noBroker(settings.kafka().get("bootstrap.servers"), e);
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot read the topics: " + e.getMessage(), e);
        }
    }

    private static Lag lag(Following following, @Nullable Work work, Positions positions, Instant now) {
        return work == null
                ? Lag.unknown(following, following.problem())
                : work.lag(positions.stateOf(following.group()), now);
    }

    /** Reads the positions of all followers whose topic exists; the ends are read later, so none lies before a position. */
    private static Map<Following, Work> works(
            List<Following> followings, Positions positions, Consumer<byte[], byte[]> reader) {
        Map<String, List<TopicPartition>> partitions = new LinkedHashMap<>();
        List<Following> known = followings.stream()
                .filter(following -> following.problem() == null && positions.exists(following.topic()))
                .toList();
        known.forEach(
                following -> partitions.put(following.group(), OffsetSnapshot.partitionsOf(reader, following.topic())));
        Map<String, Map<TopicPartition, Long>> committed = positions.committed(partitions);
        Map<Following, Work> works = new LinkedHashMap<>();
        known.forEach(following -> works.put(
                following,
                new Work(
                        following,
                        partitions.getOrDefault(following.group(), List.of()),
                        committed.getOrDefault(following.group(), Map.of()))));
        return works;
    }

    /** Counts for each follower; each topic is read once. */
    private static void count(
            Map<Following, Work> works,
            ConsoleSettings settings,
            Positions positions,
            Consumer<byte[], byte[]> reader) {
        Map<String, List<Work>> byTopic = new LinkedHashMap<>();
        works.forEach((following, work) -> byTopic.computeIfAbsent(following.topic(), topic -> new ArrayList<>())
                .add(work));
        DocumentCount count = new DocumentCount(positions.admin(), reader, settings.maxRecords(), settings.timeout());
        byTopic.forEach(count::count);
    }
}
