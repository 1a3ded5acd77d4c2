package org.bandpass.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.Clients;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
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
            "Counted are the committed records that are work for the program: for the scorer those of the final split, for"
                    + " a trainer what its snapshot still holds, for eval finished runs. Transaction markers and aborted"
                    + " records do not count."
        })
public final class LagCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--json", description = "Print one JSON object a line instead of the table.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Returns the program's own settings. */
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
        try (Positions positions = Positions.ask(settings);
                Consumer<byte[], byte[]> reader = Clients.reader(settings.reader(), settings.topics())) {
            List<Following> followings = new Pipeline(settings.topics(), reader, positions).followings();
            Map<Following, Work> works = count(followings, settings, positions, reader);
            List<Lag> lags = new ArrayList<>();
            for (Following following : followings) {
                Work work = works.get(following);
                lags.add(work == null ? Lag.withoutTopic(following) : work.lag(positions.stateOf(following.group())));
            }
            return lags;
        } catch (TimeoutException e) {
            throw ProgramFailure.noBroker(settings.kafka().get("bootstrap.servers"), e);
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot read the topics: " + e.getMessage(), e);
        }
    }

    /** Counts for each follower whose topic exists; each topic is read once. */
    private static Map<Following, Work> count(
            List<Following> followings,
            ConsoleSettings settings,
            Positions positions,
            Consumer<byte[], byte[]> reader) {
        Map<Following, Work> works = new LinkedHashMap<>();
        Map<String, List<Work>> byTopic = new LinkedHashMap<>();
        for (Following following : followings) {
            if (positions.exists(following.topic())) {
                Work work = new Work(following, positions.committed(following.group()));
                works.put(following, work);
                byTopic.computeIfAbsent(following.topic(), topic -> new ArrayList<>())
                        .add(work);
            }
        }
        DocumentCount count = new DocumentCount(reader, settings.maxRecords(), settings.timeout());
        byTopic.forEach(count::count);
        return works;
    }
}
