package org.bandpass.sources.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleFiles.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.bandpass.sources.FileServer;
import org.bandpass.sources.FileServer.Served;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleOpener;
import org.bandpass.sources.SampleParquet;
import org.bandpass.sources.SampleParquet.Manner;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Formats that need random access are read from a server as from a disk, and leave no copies. */
@Timeout(120)
class DownloadedFileTest {

    private final FileServer server = new FileServer();
    private final HttpRequests requests = new HttpRequests(new HttpPatience(4, 5, 20_000, 60_000), line -> {});
    private final SourceOpener opener = SampleOpener.with();

    @TempDir
    private Path folder;

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void readsTablesAndJarsLikeLocalOnes() throws IOException {
        Path table = SampleParquet.write(
                folder.resolve("a.parquet"),
                Manner.of(CompressionCodecName.SNAPPY),
                SampleParquet.PILE,
                5_000,
                SampleParquet::pile);
        Path jar = SampleFiles.write(
                folder.resolve("a-sources.jar"),
                SampleFiles.zip(Map.of("a/A.java", bytes("class A {}"), "a/m.properties", bytes("a=b\n".repeat(999)))));
        for (Path file : List.of(table, jar)) {
            byte[] content = Files.readAllBytes(file);
            server.put("/" + file.getFileName(), content);
            server.troubles.add(() -> content.length / 2);
            AtomicLong stored = new AtomicLong();

            assertThat(read(look("/" + file.getFileName()), stored))
                    .isEqualTo(read(LocalFile.of(file), new AtomicLong()));

            assertThat(stored).hasValue(content.length);
            assertThat(copies()).isEmpty();
        }
    }

    @Test
    void deletesTheCopyOfAFailedTransfer() throws IOException {
        server.files.put("/a.parquet", new Served(new byte[100_000], 101_000, "\"l\""));
        assertFails("/a.parquet", Rejection.BROKEN_OFF, "does not have them");
        server.put("/b.parquet", bytes("no table"));
        assertFails("/b.parquet", Rejection.NOT_AS_NAMED, "Parquet");
    }

    @Test
    void refusesAFileThatDoesNotFitOnTheDisk() throws IOException {
        server.files.put("/a.parquet", new Served(new byte[64 << 10], 1L << 50, "\"l\""));
        assertFails("/a.parquet", Rejection.UNREADABLE, "a copy of it needs 1073741824 MiB in ");
        assertThat(server.requests).as("only the request for the headers").hasSize(1);
    }

    private void assertFails(String path, Rejection reason, String why) throws IOException {
        Source source = look(path);
        assertThatThrownBy(() -> opener.open(source, bytes -> {}))
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(why);
        assertThat(copies()).isEmpty();
    }

    private Source look(String path) throws IOException {
        return HttpLocation.of(server.url(path), requests).look();
    }

    private List<SourceRecord> read(Source source, AtomicLong stored) throws IOException {
        List<SourceRecord> records = new ArrayList<>();
        try (RecordReader reader = opener.open(source, stored::addAndGet)) {
            for (SourceRecord record = reader.next(); record != null; record = reader.next()) {
                records.add(record);
            }
        }
        assertThat(records).isNotEmpty();
        return records;
    }

    private static List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.toString().endsWith(".download")).toList();
        }
    }
}
