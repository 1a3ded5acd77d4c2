package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.gzip;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;
import static org.bandpass.sources.SampleFiles.zstd;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.bandpass.ingest.IngestCommand;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.scorer.PerplexityCommand;
import org.bandpass.scorer.TokenizeCommand;
import org.bandpass.sources.SampleCrawl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Perplexity and tokenize find the same texts as ingest, and refuse the others for the same reasons. */
class SameSourcesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHARED = Path.of(System.getProperty("bandpass.root", ".."))
            .resolve("../shared")
            .toAbsolutePath();
    private static final int VOCABULARY = 300;

    @TempDir
    private Path folder;

    /**
     * The result of a command.
     *
     * @param code its exit code
     * @param texts documents and duplicates, or results
     * @param refused refusals by reason, save duplicates
     */
    private record Found(int code, long texts, Map<String, Long> refused) {}

    @Test
    void readTheSameOfAFolderOfManyFormats() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        write(data.resolve("a.jsonl"), lines("a", 0, 5) + "{\"no\":\"text\"}\n{\"text\":\n" + lines("a", 0, 2));
        write(
                data.resolve("b.json"),
                "[" + line("b").strip() + ",\n" + line("c").strip() + "]");
        write(data.resolve("c.jsonl.gz"), gzip(lines("c", 0, 3), lines("d", 0, 3)));
        write(data.resolve("d.jsonl.zst"), zstd(lines("e", 0, 4)));
        write(data.resolve("e.txt"), "a whole\ntext\n");
        write(data.resolve("f.txt"), new byte[] {'K', (byte) 0xe4, 's', 'e'});
        write(
                data.resolve("g.warc"),
                new SampleCrawl().page("https://a.example/", "some words").bytes());
        write(data.resolve("h.jsonl.gz"), "no gzip");
        Path model = Files.createDirectories(folder.resolve("model"));
        ModelFolder.initialise(model, ModelPreset.named("tiny").config(VOCABULARY), 1);
        BytePairTrainer.train(List.of(lines("a", 0, 100)).iterator(), VOCABULARY, model.resolve("tokenizer.json"));

        Found ingest = ingest(data);

        assertThat(ingest.texts()).isEqualTo(5 + 2 + 2 + 6 + 4 + 1 + 1);
        assertThat(ingest.refused())
                .isEqualTo(Map.of("no-text", 1L, "malformed", 1L, "bad-encoding", 1L, "not-as-named", 1L));
        assertThat(found(new PerplexityCommand(), "--model", model, data)).isEqualTo(ingest);
        assertThat(found(new TokenizeCommand(), "--tokenizer", model, data)).isEqualTo(ingest);
    }

    @Test
    void readTheSameOfARealCrawl() throws Exception {
        Path data = SHARED.resolve("data/webcrawl");
        Path model = SHARED.resolve("oracles/aidreams-260k-llama");
        assumeTrue(Files.isDirectory(data), "skipped: there is no ../shared/data/webcrawl");
        assumeTrue(Files.isDirectory(model), "skipped: there is no ../shared/oracles/aidreams-260k-llama");

        Found ingest = ingest(data);

        assertThat(ingest.texts()).isGreaterThan(200);
        assertThat(found(new TokenizeCommand(), "--tokenizer", model, data)).isEqualTo(ingest);
        assertThat(found(new PerplexityCommand(), "--model", model, data)).isEqualTo(ingest);
    }

    private static Found ingest(Path data) throws IOException {
        StringWriter out = new StringWriter();
        int code = run(new IngestCommand(), out, "--dry-run", "--json", data.toString());
        List<String> lines = out.toString().lines().toList();
        JsonNode summary = JSON.readTree(lines.get(lines.size() - 1)).get("summary");
        Map<String, Long> refused = new TreeMap<>();
        summary.get("refused")
                .properties()
                .forEach(each -> refused.put(each.getKey(), each.getValue().asLong()));
        Long duplicates = refused.remove("duplicate");
        long documents = summary.get("documents").asLong();
        return new Found(code, documents + (duplicates == null ? 0 : duplicates), refused);
    }

    private static Found found(Callable<Integer> command, String option, Path model, Path data) throws IOException {
        StringWriter out = new StringWriter();
        int code = run(command, out, option, model.toString(), "--json", data.toString());
        long texts = 0;
        Map<String, Long> refused = new TreeMap<>();
        for (String line : out.toString().lines().toList()) {
            JsonNode why = JSON.readTree(line).get("refused");
            if (why == null) {
                texts++;
            } else {
                refused.merge(why.asText(), 1L, Long::sum);
            }
        }
        return new Found(code, texts, refused);
    }

    private static int run(Callable<Integer> command, StringWriter out, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }
}
