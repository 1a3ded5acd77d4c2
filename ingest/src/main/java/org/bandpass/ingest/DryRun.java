package org.bandpass.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.Decision.Skipped;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.file.Source;

/** Reports what an ingest of sources into empty topics would admit and refuse; needs no Kafka. */
final class DryRun {

    private final IngestSettings settings;
    private final SourceOpener opener;
    private final PrintWriter out;
    private final boolean json;
    private final boolean texts;
    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, Long> domains = new TreeMap<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> passedOver = new TreeMap<>();
    private String file = "";
    private long position;
    private int files;
    private long documents;
    private long bytes;
    private boolean complete = true;

    /**
     * Prepares to read.
     *
     * @param out receives the results
     * @param json whether to print JSON lines, one per decision, rather than a summary for people
     * @param texts whether to print the texts of documents, too
     */
    DryRun(IngestSettings settings, SourceOpener opener, PrintWriter out, boolean json, boolean texts) {
        this.settings = settings;
        this.opener = opener;
        this.out = out;
        this.json = json;
        this.texts = texts;
    }

    /**
     * Reads sources.
     *
     * @param stored receives how many more stored bytes were read
     * @return whether all were read to their end
     */
    boolean read(Iterator<Source> sources, LongConsumer stored) {
        DuplicateWindow window = new DuplicateWindow(settings.rules().window());
        try (TokenizingThreads tokenizing = TokenizingThreads.start(settings.sequences())) {
            Admission admission = new Admission(settings, DocumentTransactions.PROGRAM, window, tokenizing);
            new SourceLoader(opener, admission, List.of(), stored).load(sources, this::decided);
        }
        summarise();
        return complete;
    }

    private void decided(Decision decision) {
        if (decision instanceof Begun begun) {
            file = begun.file().source().name();
            position = 0;
            files++;
        } else if (decision instanceof Accepted document) {
            admitted(document);
            position++;
        } else if (decision instanceof Refused refusal) {
            refused(refusal);
            position++;
        } else if (decision instanceof Skipped skipped) {
            passedOver.merge(skipped.kind(), 1L, Long::sum);
            position++;
        } else if (decision instanceof Ended ended) {
            complete &= ended.complete();
        }
    }

    private void admitted(Accepted document) {
        documents++;
        bytes += document.textBytes();
        domains.merge(document.domain(), 1L, Long::sum);
        String text = texts && document instanceof Admitted whole
                ? serde.read(whole.value()).getText()
                : null;
        if (json) {
            ObjectNode line = line().put("id", document.id())
                    .put("domain", document.domain())
                    .put("url", document.url())
                    .put("bytes", document.textBytes());
            out.println(text == null ? line : line.put("text", text));
        } else if (text != null) {
            String url = document.url();
            out.println(file + " record " + position + (url == null ? ":" : ", " + url + ":"));
            out.println(text);
            out.println();
        }
    }

    private void refused(Refused refusal) {
        refused.merge(refusal.reason().word(), 1L, Long::sum);
        if (json) {
            out.println(line().put("refused", refusal.reason().word()).put("detail", refusal.detail()));
        } else if (refusal.reason().isFiled()) {
            out.println(file + " record " + position + ": " + refusal.reason().word() + ", " + refusal.detail());
        }
    }

    private ObjectNode line() {
        return mapper.createObjectNode().put("file", file).put("position", position);
    }

    private void summarise() {
        if (json) {
            ObjectNode line = mapper.createObjectNode();
            ObjectNode summary = line.putObject("summary").put("files", files).put("documents", documents);
            refused.forEach(summary.putObject("refused")::put);
            passedOver.forEach(summary.putObject("passedOver")::put);
            out.println(line);
        } else {
            out.println(
                    String.format(Locale.ROOT, "%,d files, %,d documents, %,d bytes of text", files, documents, bytes));
            print("domains", domains);
            print("refused", refused);
            print("passed over", passedOver);
        }
        out.flush();
    }

    private void print(String what, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            out.println(what + ": " + IngestOutput.words(counts));
        }
    }
}
