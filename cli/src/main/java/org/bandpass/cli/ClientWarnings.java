package org.bandpass.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.filter.AbstractFilter;

/**
 * Passes each kind of warning of Kafka's clients once per outage: without a broker they warn several times a second. A kind
 * passes again after a minute of silence.
 */
final class ClientWarnings extends AbstractFilter {

    private static final String CLIENTS = "org.apache.kafka.clients";
    private static final long SILENCE = Duration.ofMinutes(1).toNanos();

    /** The prefix of consumers, producers and admin clients; the clients inside the broker have another. */
    private static final Pattern CLIENT = Pattern.compile("^\\[(Consumer|Producer|AdminClient)\\b[^]]*] *");

    /** A reader that switches topics drops late answers about the earlier one; Kafka warns about each. */
    private static final String LATE_ANSWER = "no longer assigned";

    /** A group whose offsets are part of an open transaction is busy, not broken. */
    private static final String PENDING_OFFSETS = "UNSTABLE_OFFSET_COMMIT";

    private static final Pattern NUMBERS = Pattern.compile("-?\\d+");

    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    ClientWarnings(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Shows the filtered warnings of the clients in this process. */
    static void install() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        LoggerConfig clients = context.getConfiguration().getLoggerConfig(CLIENTS);
        if (clients.getName().equals(CLIENTS)) {
            clients.setLevel(Level.WARN);
            clients.addFilter(new ClientWarnings(System::nanoTime));
            context.updateLoggers();
        }
    }

    @Override
    public Result filter(LogEvent event) {
        return passes(event.getLoggerName(), event.getMessage().getFormattedMessage()) ? Result.NEUTRAL : Result.DENY;
    }

    boolean passes(String logger, String line) {
        String words = CLIENT.matcher(line).replaceFirst("");
        if (words.equals(line) || words.endsWith(LATE_ANSWER) || words.contains(PENDING_OFFSETS)) {
            return false;
        }
        long now = nanos.getAsLong();
        Long before = seen.put(logger + NUMBERS.matcher(words).replaceAll(""), now);
        return before == null || now - before > SILENCE;
    }
}
