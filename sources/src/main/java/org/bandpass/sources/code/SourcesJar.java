package org.bandpass.sources.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.bandpass.sources.line.PlainText;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.PassedOver;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.bandpass.sources.stream.Expansion;
import org.jspecify.annotations.Nullable;

/**
 * Reads a jar of source code, entries in the order of their names. An entry gives documents of several domains: the code
 * without its comments, the prose of its comments, the licence at its head, messages and configuration.
 */
public final class SourcesJar implements RecordReader {

    /** No library has more entries. */
    private static final int MOST_ENTRIES = 1_000_000;

    private final ZipFile zip;
    private final Iterator<? extends ZipEntry> entries;
    private final Bounds bounds;
    private final Expansion expansion;
    private final LongConsumer stored;
    private final Deque<SourceRecord> pending = new ArrayDeque<>();

    private SourcesJar(ZipFile zip, long fileBytes, Bounds bounds, LongConsumer stored) {
        this.zip = zip;
        this.bounds = bounds;
        this.expansion = new Expansion(bounds, () -> fileBytes);
        this.stored = stored;
        this.entries = zip.stream()
                .filter(entry -> !entry.isDirectory())
                .sorted(Comparator.comparing(ZipEntry::getName))
                .iterator();
    }

    public static SourcesJar open(Path path, Bounds bounds, LongConsumer stored) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (ZipException e) {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED, "the name says jar, but it cannot be opened as one: " + e.getMessage(), e);
        }
        if (zip.size() > MOST_ENTRIES) {
            zip.close();
            throw new SourceFailure(Rejection.EXPANDS_TOO_MUCH, "more than " + MOST_ENTRIES + " entries");
        }
        return new SourcesJar(zip, path.toFile().length(), bounds, stored);
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (pending.isEmpty() && hasNext()) {
            read(entries.next());
        }
        return pending.poll();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Sorts the entries at the first call, which decodes their names. */
    private boolean hasNext() throws SourceFailure {
        try {
            return entries.hasNext();
        } catch (IllegalArgumentException e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the name of an entry is damaged", e);
        }
    }

    private void read(ZipEntry entry) throws IOException {
        stored.accept(Math.max(0, entry.getCompressedSize()));
        String kind = kind(entry.getName());
        String domain = domain(kind);
        if (domain == null) {
            pending.add(new PassedOver(kind.isEmpty() ? "other" : "binary"));
            return;
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(bounds.recordBytes() + 1);
        }
        expansion.add(bytes.length);
        if (bytes.length > bounds.recordBytes()) {
            pending.add(Unusable.of(
                    Rejection.OVER_RECORD_LIMIT,
                    entry.getName() + " has more than " + bounds.recordBytes() + " bytes"));
            return;
        }
        String text = PlainText.text(bytes);
        if (text == null) {
            pending.add(Unusable.of(Rejection.BAD_ENCODING, entry.getName() + " is not UTF-8"));
            return;
        }
        split(entry.getName(), kind, domain, text.replace("\r\n", "\n"));
    }

    private void split(String name, String kind, String domain, String text) {
        switch (kind) {
            case "java", "scala" -> {
                SourceCode code = SourceCode.read(text, kind.equals("scala"));
                add(List.of(code.licence()), "licences", name + "#licence");
                add(TextPieces.ofCode(code.code()), domain, name);
                add(TextPieces.ofProse(code.prose()), "javadoc", name + "#javadoc");
            }
            case "licence" -> add(TextPieces.ofProse(text), domain, name);
            case "html" -> add(TextPieces.ofProse(CommentProse.ofHtml(text)), domain, name);
            default -> add(TextPieces.ofCode(text), domain, name);
        }
    }

    private void add(List<String> pieces, String domain, String id) {
        for (int i = 0; i < pieces.size(); i++) {
            if (!pieces.get(i).isBlank()) {
                pending.add(Candidate.of(pieces.get(i), domain, i == 0 ? id : id + "#" + i));
            }
        }
    }

    /** Returns the suffix of an entry's name, {@code licence} for licences and notices, or nothing. */
    private static String kind(String name) {
        String base = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (base.matches("(licen[cs]e|notice|copying)([.-].*)?") && !base.endsWith(".java")) {
            return "licence";
        }
        int dot = base.lastIndexOf('.');
        return dot < 0 ? "" : base.substring(dot + 1);
    }

    /** Returns the domain of an entry's text, or null where it is not text. */
    private static @Nullable String domain(String kind) {
        return switch (kind) {
            case "java", "scala" -> kind;
            case "licence" -> "licences";
            case "properties" -> "messages";
            case "json", "xml", "xsd", "avsc", "proto", "yaml", "yml", "conf" -> "configuration";
            case "html", "md" -> "javadoc";
            default -> null;
        };
    }
}
