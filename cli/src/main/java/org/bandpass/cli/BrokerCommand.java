package org.bandpass.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.service.Stop;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a real Kafka broker in this process until it is stopped. */
@Command(
        name = "broker",
        description = "Runs a Kafka broker on this machine until it is stopped, for trying Bandpass without a cluster.")
final class BrokerCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            defaultValue = "9092",
            description = "Port (default: ${DEFAULT-VALUE}); 0 takes a free one.")
    private int port;

    @Option(
            names = "--listen",
            paramLabel = "HOST",
            defaultValue = "localhost",
            description = "Address to listen on (default: ${DEFAULT-VALUE}). Any but loopback opens it to the network.")
    private String listen = "localhost";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "bandpass-data",
            description = "Folder of the topics (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("bandpass-data");

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "A broker setting, for example advertised.listeners=PLAINTEXT://broker:9092.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (Stop stop = Stop.onSignal(Duration.ofSeconds(60));
                LockedBroker locked =
                        LockedBroker.start(data, listen, port, overrides, "then start it again on the same folder")) {
            EmbeddedBroker broker = locked.broker();
            spec.commandLine().getOut().println(broker.bootstrapServers());
            spec.commandLine().getOut().flush();
            System.err.println("bandpass: broker at " + broker.bootstrapServers() + ", topics in "
                    + broker.folder().toAbsolutePath() + "; Ctrl-C stops it");
            stop.await(Duration.ofDays(3650));
        }
        return 0;
    }
}
