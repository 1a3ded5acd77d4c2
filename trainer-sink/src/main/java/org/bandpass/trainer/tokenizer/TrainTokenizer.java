package org.bandpass.trainer.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Unit;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.DocumentDecoder;
import org.bandpass.trainer.data.RefusedDocument;
import org.bandpass.trainer.data.RunData;
import org.bandpass.trainer.data.ScanDocuments;
import org.bandpass.trainer.data.TrainerCluster;
import org.bandpass.trainer.file.AtomicFolder;
import org.bandpass.trainer.file.TokenizerFiles;
import org.jspecify.annotations.Nullable;

/**
 * Trains a tokenizer on a sample of the reference split and writes it. The sample are the texts with the smallest ids, up to a
 * sum of bytes. Ids are hashes of the text, so this is a random sample of all domains, and the same documents give the same
 * file in any order.
 */
public final class TrainTokenizer {

    private record Text(String text, long bytes) {}

    /** The tokenizer and the sample that it was trained on. */
    public record Summary(int vocabulary, int documents, long bytes, String revision, double seconds) {}

    private final RunData data;
    private final DocumentDecoder decoder;
    private final TokenizerMeters meters;
    private final Stop stop;
    private final long sampleBytes;
    private final TreeMap<String, Text> sample = new TreeMap<>();
    private @Nullable Split split;
    private long sequences;
    private long bytes;

    /** @param sampleBytes UTF-8 bytes of the sample; its last text may exceed them */
    public TrainTokenizer(
            TopicSpec documents, long sampleBytes, DeadLetterPositions passable, TokenizerMeters meters, Stop stop) {
        this.data = RunData.reference(documents);
        this.sampleBytes = sampleBytes;
        this.decoder = new DocumentDecoder(data, "", 0, passable);
        this.meters = meters;
        this.stop = stop;
    }

    /** @throws ProgramFailure if there is no text, or the folder has another tokenizer */
    public Summary train(TrainerCluster cluster, Consumer<byte[], byte[]> reader, int vocabulary, Path folder) {
        long began = System.nanoTime();
        FolderLock lock = FolderLock.take(folder);
        try (lock) {
            read(OffsetSnapshot.written(cluster.admin(), reader, data.topic().name()), reader);
            requireText();
            write(vocabulary, folder.toAbsolutePath());
            try (TextTokenizer tokenizer = TokenizerFiles.load(folder)) {
                return new Summary(
                        tokenizer.vocabularySize(),
                        sample.size(),
                        bytes,
                        tokenizer.revision(),
                        (System.nanoTime() - began) / 1e9);
            }
        }
    }

    private void requireText() {
        if (meters.refusals() > 0) {
            System.err.println("tokenizer: " + meters.refusals() + " records of topic "
                    + data.topic().name() + " cannot be read and were skipped");
        }
        if (sample.isEmpty()) {
            throw new ProgramFailure(
                    sequences > 0
                            ? "topic " + data.topic().name() + " holds sequences of token ids and no text to train on"
                            : "there is nothing to train on: " + data.emptyWords());
        }
    }

    private void read(OffsetSnapshot snapshot, Consumer<byte[], byte[]> reader) {
        long offsets = snapshot.length();
        try (Progress progress = Progress.start("sampling text", "offsets", offsets)) {
            snapshot.read(reader, record -> {
                if (stop.requested()) {
                    throw new ProgramFailure("stopped before the tokenizer was trained");
                }
                visit(record);
                progress.add(1);
            });
            progress.at(offsets);
        }
    }

    private void visit(ConsumerRecord<byte[], byte[]> record) {
        if (!data.concerns(record)) {
            return;
        }
        Document document;
        try {
            document = decoder.document(record);
        } catch (RefusedDocument e) {
            meters.refused();
            return;
        }
        meters.read();
        split = ScanDocuments.same(
                split, Split.of(document.getSplit()), data.topic().name());
        if (document.getUnit() == Unit.SEQUENCE) {
            sequences++;
        } else {
            add(document);
        }
    }

    private void add(Document document) {
        Text text = new Text(document.getText(), document.getBytes());
        if (sample.putIfAbsent(document.getId(), text) == null) {
            bytes += text.bytes();
            while (bytes - sample.lastEntry().getValue().bytes() >= sampleBytes) {
                bytes -= sample.pollLastEntry().getValue().bytes();
            }
        }
    }

    private void write(int vocabulary, Path folder) {
        try {
            Files.createDirectories(folder);
            Path trained = Files.createTempFile(folder, TokenizerFiles.TOKENIZER, AtomicFolder.UNFINISHED);
            try {
                BytePairTrainer.train(sample.values().stream().map(Text::text).iterator(), vocabulary, trained);
                keep(Files.readString(trained), folder);
            } finally {
                Files.delete(trained);
            }
        } catch (IOException e) {
            throw new ProgramFailure("cannot write the tokenizer in " + folder + ": " + AtomicFolder.words(e), e);
        }
    }

    private static void keep(String trained, Path folder) throws IOException {
        Path file = folder.resolve(TokenizerFiles.TOKENIZER);
        if (Files.exists(file)) {
            if (!Files.readString(file).equals(trained)) {
                throw new ProgramFailure(file + " exists and is another tokenizer than these documents give; choose"
                        + " another --out, because texts tokenised with the old one would get another meaning");
            }
            return;
        }
        // The tokenizer is written last: a folder that has it is complete.
        AtomicFolder.write(folder.resolve(TokenizerFiles.CONFIG), config());
        AtomicFolder.write(file, trained);
    }

    /** Returns the file that transformers' AutoTokenizer needs beside the tokenizer itself. */
    private static String config() {
        return """
                {
                  "bos_token" : "%s",
                  "clean_up_tokenization_spaces" : false,
                  "eos_token" : "%s",
                  "tokenizer_class" : "PreTrainedTokenizerFast"
                }
                """.formatted(BytePairTrainer.END_OF_TEXT, BytePairTrainer.END_OF_TEXT);
    }
}
