package org.bandpass.service;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows the progress of a stage on stderr: a bar on a terminal, otherwise a line every few seconds. Thread-safe. */
public final class Progress implements AutoCloseable {

    private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int BAR = 24;
    private static final int LABEL = 22;

    private final String label;
    private final String unit;
    private final PrintStream out;
    private final boolean terminal;
    private final long began = System.nanoTime();
    private long total;
    private long done;
    private long shownAt = began;
    private String note = "";
    private boolean open = true;

    private Progress(String label, String unit, long total, PrintStream out, boolean terminal) {
        this.label = label;
        this.unit = unit;
        this.total = total;
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Begins a stage.
     *
     * @param label what is done, for example {@code "scoring"}
     * @param unit what is counted, for example {@code "documents"}
     * @param total how many there will be, 0 if unknown
     */
    public static Progress start(String label, String unit, long total) {
        // The launcher knows whether stderr is a terminal; Java 17 can only tell for stdin and stdout together.
        return new Progress(label, unit, total, System.err, Boolean.getBoolean("bandpass.terminal"));
    }

    static Progress on(PrintStream out, boolean terminal, String label, String unit, long total) {
        return new Progress(label, unit, total, out, terminal);
    }

    /** Sets how many there will be. */
    public synchronized void total(long newTotal) {
        total = newTotal;
    }

    public synchronized void add(long count) {
        done += count;
        show(false);
    }

    public synchronized void at(long count) {
        done = count;
        show(false);
    }

    /** Sets a short remark, for example the current loss. */
    public synchronized void note(String remark) {
        note = remark;
    }

    public double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    @Override
    public synchronized void close() {
        if (open) {
            show(true);
            open = false;
        }
    }

    private void show(boolean last) {
        long now = System.nanoTime();
        if (!open || (!last && now - shownAt < (terminal ? TERMINAL_NANOS : PLAIN_NANOS))) {
            return;
        }
        shownAt = now;
        String line = line(last);
        if (terminal) {
            out.print("\r" + line + "\u001b[K" + (last ? "\n" : ""));
        } else {
            out.println(line);
        }
        out.flush();
    }

    private String line(boolean last) {
        double seconds = Math.max(seconds(), 1e-3);
        double rate = done / seconds;
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + LABEL + "s ", label));
        if (total > 0) {
            double share = Math.min(1, done / (double) total);
            if (terminal) {
                int full = (int) Math.round(share * BAR);
                line.append("█".repeat(full)).append("░".repeat(BAR - full)).append(' ');
            }
            line.append(String.format(Locale.ROOT, "%3.0f %%  %,d/%,d %s", 100 * share, done, total, unit));
        } else {
            line.append(String.format(Locale.ROOT, "%,d %s", done, unit));
        }
        line.append(String.format(Locale.ROOT, "  %,.0f/s", rate));
        if (last) {
            line.append("  ").append(duration(seconds));
        } else if (total > done && rate > 0) {
            line.append("  ").append(duration((total - done) / rate)).append(" left");
        }
        return note.isEmpty() ? line.toString() : line.append("  ").append(note).toString();
    }

    /** Formats a duration: 8 s, 3 min 05 s, 2 h 10 min. */
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
