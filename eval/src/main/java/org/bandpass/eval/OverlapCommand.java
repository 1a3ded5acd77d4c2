package org.bandpass.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.eval.overlap.EvaluationGrams;
import org.bandpass.eval.overlap.RowOverlap;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.prompt.CategoryPrompts;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.eval.prompt.TaskPrompts;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.Unit;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports which evaluation rows occur in training documents. */
@Command(
        name = "overlap",
        description = {
            "Reports how many rows of evaluation tasks occur in the documents of a band or of the control.",
            "A row overlaps if at least 70 %% of its 8-grams of words, question and right answer, occur in documents"
                    + " (the rule of PaLM, arXiv 2204.02311). Of generation tasks the question alone is compared. Rows"
                    + " of fewer words cannot be judged."
        })
public final class OverlapCommand implements Callable<Integer> {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ROW = "%-38s  %8s  %8s  %11s  %8s  %8s%n";

    /** Whose documents. */
    private static final class Source {

        @Option(names = "--control", required = true, description = "The documents of the control: all scored ones.")
        private boolean control;

        @Option(names = "--band", required = true, paramLabel = "PLAN.BAND", description = "The documents of a band.")
        private String band = "";
    }

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Mixin
    private TaskDataOptions data = new TaskDataOptions();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source = new Source();

    @Option(names = "--json", description = "Print one JSON object a line for each task.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
    private long sequences;
    private long unreadable;

    @Override
    public Integer call() {
        Settings settings = options.settings(new ConfigDef());
        Topics topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        EvaluationGrams grams = rows();
        try (Admin admin = Admin.create(settings.kafka());
                Consumer<byte[], byte[]> reader = Clients.reader(settings.kafka(), topics)) {
            read(OffsetSnapshot.written(admin, reader, topic(topics)), reader, grams);
        } catch (KafkaException | IllegalStateException e) {
            throw new ProgramFailure("cannot read the documents: " + ClientFailure.words(e), e);
        }
        if (grams.documents() == 0) {
            throw new ProgramFailure("topic " + topic(topics) + " holds no document with a text");
        }
        print(grams);
        return 0;
    }

    private String topic(Topics topics) {
        if (source.control) {
            return topics.scoredDocuments().name();
        }
        int dot = source.band.indexOf('.');
        if (dot < 1 || dot == source.band.length() - 1) {
            throw new ProgramFailure("--band " + source.band + ": expected PLAN.BAND, for example run.high");
        }
        return topics.band(source.band.substring(0, dot), source.band.substring(dot + 1))
                .name();
    }

    private EvaluationGrams rows() {
        DataFolder folder = data.folder();
        EvaluationGrams grams = new EvaluationGrams(EvaluationGrams.WORDS);
        for (ProfileTask task : data.tasks(folder)) {
            for (CategoryPrompts prompts : TaskPrompts.of(task, folder, true)) {
                prompts.forEach(prompt -> grams.addRow(task.key(), text(prompt)));
            }
        }
        return grams;
    }

    /** Returns the question of a row with its right answer. */
    private static String text(Prompt prompt) {
        int gold = prompt.gold() == null ? 0 : prompt.gold();
        String question = prompt.contexts().get(prompt.contexts().size() == 1 ? 0 : gold);
        if (prompt.continuations().isEmpty()) {
            return question + " " + prompt.answers().get(0);
        }
        return question + prompt.continuations().get(prompt.continuations().size() == 1 ? 0 : gold);
    }

    private void read(OffsetSnapshot topic, Consumer<byte[], byte[]> reader, EvaluationGrams grams) {
        try (Progress progress = Progress.start("comparing", "offsets", topic.length())) {
            long[] read = new long[1];
            topic.read(reader, record -> {
                Document document = document(record);
                if (document == null) {
                    unreadable++;
                } else if (document.getUnit() == Unit.SEQUENCE) {
                    sequences++;
                } else {
                    grams.addDocument(document.getText());
                }
                progress.at(++read[0]);
            });
        }
    }

    private @Nullable Document document(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? null : serde.read(record.value()).getDocument();
        } catch (SerializationException e) {
            return null;
        }
    }

    private void print(EvaluationGrams grams) {
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.printf(ROW, "task", "rows", "short", "overlapping", "share", "touched");
        }
        for (RowOverlap task : grams.overlaps()) {
            if (json) {
                out.println(jsonOf(task, grams.documents()));
            } else {
                String share = String.format(Locale.ROOT, "%.2f %%", 100 * task.share());
                out.printf(ROW, task.task(), task.rows(), task.tooShort(), task.overlapping(), share, task.touched());
            }
        }
        out.flush();
        System.err.printf(Locale.ROOT, "documents compared: %,d%n", grams.documents());
        warn(sequences, "packed sequences were left out: they have no text");
        warn(unreadable, "unreadable records were left out");
    }

    private static void warn(long records, String what) {
        if (records > 0) {
            System.err.printf(Locale.ROOT, "warning: %,d %s%n", records, what);
        }
    }

    private static String jsonOf(RowOverlap task, long documents) {
        ObjectNode object = MAPPER.valueToTree(task);
        object.put("share", task.share());
        object.put("documents", documents);
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
