package org.bandpass.broker;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker and controller (KRaft) in this JVM, listening on loopback by default.
 *
 * <p>A folder keeps its topics: starting again on it continues where it stopped. Starting takes about two seconds.
 */
public final class EmbeddedBroker implements AutoCloseable {

    /**
     * Free ports come from below the range of outgoing connections, one of which could take the port in the seconds before
     * the broker listens on it.
     */
    private static final int FIRST_PORT = 15_000;

    private static final int LAST_PORT = 29_999;
    private static final int PORT_ATTEMPTS = 1000;

    /** A full disk may still have a few free blocks. */
    private static final long LITTLE_SPACE = 1 << 20;

    private final KafkaRaftServer server;
    private final Path folder;
    private final boolean temporary;
    private final String bootstrapServers;

    private EmbeddedBroker(KafkaRaftServer server, Path folder, boolean temporary, String bootstrapServers) {
        this.server = server;
        this.folder = folder;
        this.temporary = temporary;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts a broker on a free port with a temporary folder, which {@link #close} deletes. */
    public static EmbeddedBroker start() {
        try {
            Path folder = Files.createTempDirectory("bandpass-broker");
            return start(folder, "localhost", freePort(0), true, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder for the broker", e);
        }
    }

    /**
     * Starts a broker on a folder.
     *
     * @param folder of the topics; created if it does not exist
     * @param host address to listen on, and for clients to connect to
     * @param port port, or 0 for a free one
     * @param overrides broker settings that replace the defaults
     * @throws IllegalStateException if the port is taken or the folder cannot be used
     */
    public static EmbeddedBroker start(Path folder, String host, int port, Map<String, String> overrides) {
        return start(folder, host, port == 0 ? freePort(0) : port, false, overrides);
    }

    private static EmbeddedBroker start(
            Path folder, String host, int port, boolean temporary, Map<String, String> overrides) {
        IOException taken = bindFailure(host, port);
        if (taken != null) {
            throw new IllegalStateException(
                    "port " + port + " on " + host + " cannot be used (" + taken.getMessage()
                            + "): choose another with --port",
                    taken);
        }
        Properties settings = settings(folder, host, port);
        settings.putAll(overrides);
        try {
            Files.createDirectories(folder);
            format(folder, settings);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, folder, temporary, advertised(settings));
        } catch (IOException e) {
            throw new IllegalStateException("cannot keep a broker in " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reports fatal errors. After one Kafka ends the process, and reports it only in its log.
     *
     * @param folder of the one broker of this process
     * @param report receives the reason before the process ends
     */
    public static void whenFatal(Path folder, Consumer<String> report) {
        Exit.Procedure end = (status, message) -> {
            report.accept(message == null ? reason(folder) : message);
            Runtime.getRuntime().halt(status == 0 ? 1 : status);
        };
        Exit.setExitProcedure(end);
        Exit.setHaltProcedure(end);
    }

    /** Returns the reason if the folder shows it: Kafka gives none. */
    private static String reason(Path folder) {
        File disk = folder.toFile();
        return disk.getUsableSpace() >= LITTLE_SPACE
                ? "Kafka's errors above say why"
                : "no space left on " + folder.toAbsolutePath() + " (" + (disk.getUsableSpace() >> 10) + " KiB of "
                        + (disk.getTotalSpace() >> 10) + "); free some";
    }

    /** Returns {@code host:port} for clients. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Returns the client settings that reach this broker. */
    public Map<String, Object> client() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        if (temporary) {
            try {
                Utils.delete(folder.toFile());
            } catch (IOException e) {
                throw new IllegalStateException("cannot delete the broker's temporary folder " + folder, e);
            }
        }
    }

    private static Properties settings(Path folder, String host, int port) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        int controllerPort = freePort(port);
        p.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        p.put("listeners", "PLAINTEXT://" + host + ":" + port + ",CONTROLLER://localhost:" + controllerPort);
        // Clients cannot connect to a wildcard address.
        p.put("advertised.listeners", "PLAINTEXT://" + ("0.0.0.0".equals(host) ? "localhost" : host) + ":" + port);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("log.dirs", folder.toAbsolutePath().toString());
        p.put("auto.create.topics.enable", "false");
        for (String internal :
                new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            p.put(internal + ".replication.factor", "1");
        }
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        // The default of fifty partitions slows the start and the end down.
        p.put("offsets.topic.num.partitions", "4");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("group.min.session.timeout.ms", "1000");
        for (String protocol : new String[] {"consumer", "streams"}) {
            // A killed member is noticed within seconds.
            p.put("group." + protocol + ".session.timeout.ms", "6000");
            p.put("group." + protocol + ".min.session.timeout.ms", "6000");
            p.put("group." + protocol + ".heartbeat.interval.ms", "1000");
            p.put("group." + protocol + ".min.heartbeat.interval.ms", "1000");
        }
        p.put("message.max.bytes", Integer.toString(10 << 20));
        p.put("replica.fetch.max.bytes", Integer.toString(10 << 20));
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        return p;
    }

    private static void format(Path folder, Properties settings) throws IOException {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        Path file = Files.createTempFile("bandpass-broker", ".properties");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            try (Writer writer = Files.newBufferedWriter(file)) {
                settings.store(writer, null);
            }
            String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
            int code = StorageTool.execute(arguments, new PrintStream(printed, true, StandardCharsets.UTF_8));
            if (code != 0) {
                throw new IOException(printed.toString(StandardCharsets.UTF_8).strip());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String advertised(Properties settings) {
        String listener = settings.getProperty("advertised.listeners").split(",", -1)[0];
        return listener.substring(listener.indexOf("://") + 3);
    }

    private static @Nullable IOException bindFailure(String host, int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            probe.setReuseAddress(true);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** Returns a free port other than the given one. */
    private static int freePort(int taken) {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
            if (port != taken && bindFailure("localhost", port) == null) {
                return port;
            }
        }
        throw new IllegalStateException("no free port on loopback from " + FIRST_PORT + " to " + LAST_PORT);
    }
}
