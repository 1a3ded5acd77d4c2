package org.bandpass.sources.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bandpass.sources.FileServer;
import org.bandpass.sources.FileServer.Served;
import org.bandpass.sources.SampleOpener;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.UnusableInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads from a server that cuts connections, stalls, refuses, announces wrong sizes and changes its files. */
@Timeout(120)
class HttpSourceTest {

    private static final int SIZE = 500_000;
    private static final HttpPatience SETTINGS = new HttpPatience(4, 5, 20_000, 60_000);

    private final FileServer server = new FileServer();
    private final HttpRequests requests = new HttpRequests(SETTINGS, line -> {});
    private final byte[] content = content(1, SIZE);

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void describesAFileLikeALocalOne(@TempDir Path folder) throws Exception {
        server.put("/a/b.jsonl", content);
        Source source = look("/a/b.jsonl");

        LocalFile same = LocalFile.of(Files.write(folder.resolve("b.jsonl"), content));
        assertThat(source.name()).isEqualTo(server.url("/a/b.jsonl"));
        assertThat(source.fileName()).isEqualTo("b.jsonl");
        assertThat(source.bytes()).isEqualTo(SIZE);
        for (long size : List.of(0L, 1L, 100_000L, (long) SIZE)) {
            assertThat(source.fingerprint(size)).isEqualTo(same.fingerprint(size));
        }
        assertThat(source.range(SIZE - 1, 2)).containsExactly(content[SIZE - 1]);
        assertThat(read(source)).isEqualTo(content);
    }

    @Test
    void refusesAFileThatChangesBeforeItIsOpened() throws Exception {
        server.put("/f.jsonl", "{\"text\": \"before\"}\n".getBytes(StandardCharsets.UTF_8));
        Source source = look("/f.jsonl");
        server.put("/f.jsonl", "{\"text\": \"afterwards\"}\n".getBytes(StandardCharsets.UTF_8));

        SourceOpener opener = SampleOpener.with();

        assertFails(() -> opener.open(source, bytes -> {}), Rejection.UNREADABLE, "changed");
    }

    @Test
    void resumesWhereTheConnectionWasCut() throws Exception {
        server.put("/f", content);
        for (int cut : List.of(0, 10, 200_000, 1, 100_000, 0)) {
            server.troubles.add(() -> cut);
        }
        assertThat(read(look("/f"))).isEqualTo(content);

        assertThat(server.requests)
                .extracting(request -> request.split(" ")[1])
                .as("nothing is requested twice")
                .startsWith("bytes=0-0", "null", "null")
                .hasSize(8)
                .allMatch(range -> range.equals("null") || range.startsWith("bytes="));
        assertThat(server.requests.get(7)).contains("\"" + SIZE + "\"");
    }

    @Test
    void readsAgainFromAServerWithoutRanges() throws Exception {
        server.ranges = false;
        server.put("/f", content);
        for (int cut : List.of(100_000, 300_000, 50, 400_000)) {
            server.troubles.add(() -> cut);
        }
        Source source = look("/f");
        assertThat(read(source)).isEqualTo(content);

        server.put("/f", content(2, SIZE));
        assertThat(look("/f").fingerprint(SIZE)).as("by its tag").isEqualTo(source.fingerprint(SIZE));
        server.tags = false;
        String without = look("/f").fingerprint(SIZE);
        server.put("/f", content);
        assertThat(look("/f").fingerprint(SIZE)).as("by its first bytes").isNotEqualTo(without);
    }

    @Test
    void transfersNoWholeFileInPlaceOfARange() throws Exception {
        server.put("/f", content);
        Source source = look("/f");
        server.ranges = false;

        assertFails(() -> source.fingerprint(SIZE), Rejection.UNREADABLE, "gives no ranges any more");
        assertFails(() -> source.range(SIZE - 1, 1), Rejection.UNREADABLE, "gives no ranges any more");
        assertThat(read(source)).isEqualTo(content);
    }

    @Test
    void readsAFileOfUnknownLength() throws Exception {
        server.ranges = false;
        server.files.put("/f", new Served(content, -1, "\"x\""));
        server.troubles.add(() -> 250_000);
        Source source = look("/f");

        assertThat(source.bytes()).isEqualTo(-1);
        assertThat(read(source)).isEqualTo(content);
    }

    @Test
    void readsAnEmptyFile() throws Exception {
        server.put("/f", new byte[0]);
        assertThat(look("/f").bytes()).isZero();
        assertThat(read(look("/f"))).isEmpty();
    }

    @Test
    void givesUpAfterTheLastAttempt() throws Exception {
        server.put("/f", content);
        for (int i = 0; i < 10; i++) {
            server.troubles.add(() -> 100);
        }
        Source source = look("/f");
        assertFails(() -> read(source), Rejection.UNREADABLE, "given up after 4 attempts");
        assertThat(server.requests)
                .as("the headers, four attempts, and a check of the server")
                .hasSize(1 + 4 + 1);
    }

    @Test
    void doesNotWaitForASilentServer() throws Exception {
        // Slow answers may time out, too, so it has many attempts.
        HttpRequests impatient = new HttpRequests(new HttpPatience(10, 5, 400, 60_000), line -> {});
        CountDownLatch read = new CountDownLatch(1);
        server.put("/f", content);
        server.troubles.add(() -> {
            read.await();
            return 0;
        });
        try {
            assertThat(read(HttpLocation.of(server.url("/f"), impatient).look()))
                    .isEqualTo(content);
        } finally {
            read.countDown();
        }
    }

    @Test
    void refusesAFileThatChangesWhileItIsRead() throws Exception {
        for (boolean ranges : List.of(true, false)) {
            server.ranges = ranges;
            server.put("/f", content);
            server.troubles.add(() -> 100_000);
            server.troubles.add(() -> {
                server.files.put("/f", new Served(content(3, SIZE), SIZE, "\"other\""));
                return Integer.MAX_VALUE;
            });
            Source source = look("/f");
            assertFails(() -> read(source), Rejection.UNREADABLE, "has changed while it was read");
        }
    }

    @Test
    void checksTheAnnouncedLength() throws Exception {
        server.files.put("/less", new Served(content, SIZE + 1_000, "\"l\""));
        Source less = look("/less");
        assertThat(less.bytes()).isEqualTo(SIZE + 1_000);
        assertFails(() -> read(less), Rejection.BROKEN_OFF, "does not have them");

        server.files.put("/more", new Served(content, SIZE - 1_000, "\"m\""));
        assertThat(read(look("/more"))).isEqualTo(Arrays.copyOf(content, SIZE - 1_000));

        server.put("/other", content);
        Source other = look("/other");
        server.files.put("/other", new Served(content, SIZE - 1, other instanceof HttpSource s ? s.version() : ""));
        assertFails(() -> read(other), Rejection.UNREADABLE, "it had 500000 bytes and has 499999");
    }

    @Test
    void reportsWhyAFileIsNotGiven() throws Exception {
        assertFails(() -> look("/none"), Rejection.MISSING, "404");
        for (int passing : List.of(503, 429)) {
            server.put("/f", content);
            server.troubles.add(() -> -passing);
            assertThat(read(look("/f"))).isEqualTo(content);
        }
        server.forbidden.add("/secret");
        HttpLocation secret = HttpLocation.of(server.url("/secret"), new HttpRequests(SETTINGS, line -> {}));
        assertFails(secret::look, Rejection.UNREADABLE, "403: permission denied");
        server.troubles.add(() -> -418);
        assertFails(() -> read(look("/f")), Rejection.UNREADABLE, "418");
        server.close();
        HttpLocation unknown = HttpLocation.of(server.url("/f"), new HttpRequests(SETTINGS, line -> {}));
        assertFails(unknown::look, Rejection.UNREADABLE, "given up after 4 attempts");
    }

    /** Common Crawl answers 403 to clients that send too many requests, whatever the file. */
    @Test
    void waitsForAServerThatRefusesEarlierFiles() throws Exception {
        List<String> talk = new ArrayList<>();
        HttpRequests patient = new HttpRequests(new HttpPatience(2, 1, 20_000, 60_000), talk::add);
        server.put("/f", content);
        Source source = HttpLocation.of(server.url("/f"), patient).look();
        server.refusesAll = true;
        for (int i = 0; i < 9; i++) {
            server.troubles.add(() -> -403);
        }
        assertThat(read(source)).isEqualTo(content);
        assertThat(talk).hasSizeGreaterThan(2).last(STRING).isEqualTo("localhost answers again");
        assertThat(talk.get(0))
                .startsWith("localhost gives nothing at present (the server answers 403): the next attempt is in");
    }

    @Test
    void refusesAForbiddenFileOfAWorkingServer() throws Exception {
        server.put("/f", content);
        server.put("/secret", content);
        server.forbidden.add("/secret");
        look("/f");

        assertFails(() -> look("/secret"), Rejection.UNREADABLE, "403; given up after 4 attempts");
    }

    @Test
    void endsWhenAServerGivesNothingForTooLong() throws Exception {
        HttpRequests impatient = new HttpRequests(new HttpPatience(1, 1, 20_000, 1), line -> {});
        server.put("/f", content);
        Source source = HttpLocation.of(server.url("/f"), impatient).look();
        server.close();

        assertThatThrownBy(() -> read(source))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("localhost has given nothing for")
                .hasMessageContaining(HttpPatience.PATIENCE);
    }

    @Test
    void namesTheHostWithoutConnection() throws Exception {
        HttpRequests once = new HttpRequests(new HttpPatience(1, 5, 20_000, 60_000), line -> {});
        String refused = server.url("/f");
        server.close();
        String host = refused.substring("http://".length(), refused.indexOf("/f"));
        assertFails(
                () -> HttpLocation.of(refused, once).look(),
                Rejection.UNREADABLE,
                "no connection to " + host + ": refused, or unreachable; given up after 1 attempt, see");
        assertFails(
                () -> HttpLocation.of("http://me:secret@nowhere.invalid/f?secret", once)
                        .look(),
                Rejection.UNREADABLE,
                "no address is known of the host nowhere.invalid; given up after 1 attempt, see");
        assertFails(() -> look("/f"), Rejection.UNREADABLE, "given up after 4 attempts, see");
    }

    @Test
    void sendsNoCredentialsAfterARedirect() throws Exception {
        try (FileServer other = new FileServer()) {
            other.put("/there", content);
            server.redirects.put("/here", "/next");
            server.redirects.put("/next", other.url("/there"));
            String url = server.url("/here").replace("http://", "http://me:secret@");
            assertThat(read(HttpLocation.of(url, requests).look())).isEqualTo(content);

            assertThat(server.requests).allMatch(request -> request.endsWith(" Basic bWU6c2VjcmV0"));
            assertThat(other.requests).hasSize(2).allMatch(request -> request.endsWith(" null"));
        }
        server.redirects.put("/round", "/round");
        assertFails(() -> look("/round"), Rejection.UNREADABLE, "more than 5 redirects");
        server.redirects.put("/out", "file:///etc/passwd");
        assertFails(() -> look("/out"), Rejection.UNREADABLE, "redirected to where");
    }

    @Test
    void namesNoSecrets() throws Exception {
        HttpLocation signed = HttpLocation.of("https://me:secret@host:1/a%20b.jsonl.gz?signature=secret", requests);
        assertThat(signed.name())
                .startsWith("https://host:1/a%20b.jsonl.gz?")
                .doesNotContain("secret")
                .doesNotContain("me");
        assertThat(signed.fileName()).isEqualTo("a b.jsonl.gz");
        assertThat(HttpLocation.of("https://host:1/a?x=1", requests).name())
                .isNotEqualTo(HttpLocation.of("https://host:1/a?x=2", requests).name());
        assertThatThrownBy(() -> HttpLocation.of("http://me:secret@host/a b", requests))
                .hasMessageContaining("not a URL")
                .hasMessageNotContaining("secret");
    }

    private Source look(String path) throws IOException {
        return HttpLocation.of(server.url(path), requests).look();
    }

    private static byte[] read(Source source) throws IOException {
        try (InputStream in = source.open()) {
            return in.readAllBytes();
        }
    }

    private static void assertFails(ThrowingCallable call, Rejection reason, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(why);
    }

    private static byte[] content(long seed, int size) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return new String(content, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
    }
}
