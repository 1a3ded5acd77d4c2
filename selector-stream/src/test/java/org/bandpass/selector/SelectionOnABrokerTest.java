package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.selector.SelectorCluster.Outcome;
import org.bandpass.selector.calibrator.CalibratorProgram;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.score.Scored;
import org.bandpass.selector.score.ScoredPosition;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calibrator and routers on a real broker, through the commands of a user. */
@Timeout(900)
class SelectionOnABrokerTest extends SelectorOnABroker {

    @Test
    void routesEveryDocumentToTheBandsOfItsRankAndReplaysUnderAnotherName() {
        List<Scored> documents = new ArrayList<>(Scored.many(5000, 7));
        // Equal scores stay together, equal texts have one id, aborted and damaged records do not count.
        for (int i = 0; i < 50; i++) {
            documents.add(Scored.of("again", 3.3));
        }
        cluster.score(documents.subList(0, 2000));
        cluster.abort("aborted", Scored.of("aborted", 1).bytes(), 1);
        cluster.score("broken", new byte[] {1, 2}, 2);
        cluster.score(documents.subList(2000, documents.size()));

        Outcome calibrated = cluster.calibrate();
        Outcome frozen = cluster.freeze("run");
        Outcome selected = cluster.select("--plan", "run", "--plan", "high-50");
        Outcome replayed = cluster.run(
                new ReplayCommand(),
                "--plan=again",
                "--cuts-of=run",
                "--until-caught-up",
                "--json",
                "--state-dir=" + folder);

        assertThat(calibrated.error()).isEmpty();
        assertThat(calibrated.first().get("count").asLong()).isEqualTo(5050);
        assertThat(frozen.first().get("bands")).hasSize(3);
        // Records of an aborted transaction are ranked and counted again; the bands contain them once.
        assertThat(selected.json())
                .hasSize(2)
                .allSatisfy(plan -> assertThat(plan.get("documents").asLong()).isGreaterThanOrEqualTo(5050));
        assertThat(replayed.first().get("documents").asLong()).isGreaterThanOrEqualTo(5050);
        for (String band : PlanBands.NAMES) {
            assertThat(cluster.sequences("again", band)).isEqualTo(cluster.sequences("run", band));
        }
        assertThat(cluster.sequences("high-50", "high")).isEqualTo(cluster.sequences("run", "high"));
        assertThat(cluster.positions("run", "low"))
                .doesNotContainAnyElementsOf(cluster.positions("run", "high"))
                .hasSize(5050 - cluster.positions("run", "high").size());
        assertThat(cluster.records(cluster.topics().deadLetters("router").name()))
                .hasSize(3);
        // A second run routes nothing again.
        assertThat(cluster.select("--plan", "run").first().get("documents").asLong())
                .isZero();
        audited("run", documents);
    }

    private void audited(String plan, List<Scored> documents) {
        Outcome audited = cluster.audit(plan);
        ExactRanks exact =
                new ExactRanks(documents.stream().mapToDouble(Scored::readNll).toArray());
        assertThat(audited.code()).as(audited.toString()).isZero();
        assertThat(audited.json()).hasSize(3).allSatisfy(band -> {
            assertThat(band.get("documents").asLong()).isEqualTo(documents.size());
            assertThat(band.get("lost").asLong()).isZero();
            assertThat(band.get("doubled").asLong()).isZero();
            assertThat(band.get("misplaced").asLong())
                    .isLessThanOrEqualTo(
                            documents.size() / 1000 + 1 + band.get("tieMass").asLong());
            assertThat(band.get("maxDistanceFromCut").asDouble())
                    .isLessThanOrEqualTo(band.get("rankErrorBound").asDouble());
        });
        long exactlyLow = documents.stream()
                .filter(each -> exact.rank(each.readNll()) < 0.5)
                .count();
        assertThat((long) cluster.positions(plan, "low").size()).isBetween(exactlyLow - 6, exactlyLow + 6);
    }

    @Test
    void aFrozenPlanResumesAfterItsLastRecordAndALivePlanRefuses() {
        List<Scored> documents = Scored.many(400, 3);
        cluster.score(documents.subList(0, 200));
        cluster.score("broken", new byte[] {1, 2}, 2);
        cluster.calibrate();
        cluster.freeze("run", "--bands", "low,top=0.9:1");
        cluster.select("--plan", "run");
        cluster.select("--plan", "high-50", "--live", "--warm-up", "100");
        // A record of another producer at the end of a band has no position.
        cluster.write(List.of(new ProducerRecord<>(
                cluster.topics().band("run", "low").name(), 1, HeaderNames.bytes("foreign"), new byte[] {1})));
        cluster.score(documents.subList(200, 400));
        cluster.deleteGroup("router.run");
        cluster.deleteGroup("router.high-50");

        Outcome frozen = cluster.select("--plan", "run");
        Outcome live = cluster.select("--plan", "high-50");

        assertThat(frozen.code()).as(frozen.error()).isZero();
        List<ScoredPosition> low = cluster.positions("run", "low").stream()
                .filter(at -> at.partition() >= 0)
                .toList();
        assertThat(new HashSet<>(low)).hasSameSizeAs(low).hasSizeBetween(150, 250);
        assertThat(cluster.audit("run").json()).allSatisfy(band -> {
            assertThat(band.get("documents").asInt()).isEqualTo(400);
            assertThat(band.get("lost").asInt()).isZero();
            assertThat(band.get("doubled").asInt()).isZero();
        });
        assertThat(cluster.records(cluster.topics().deadLetters("router").name()))
                .as("one of each plan")
                .hasSize(2);
        assertThat(live.code()).isEqualTo(1);
        assertThat(live.error()).contains("bands.high-50.", "router.high-50", "would double");
    }

    @Test
    void showsByDomainWhatAPlanWouldKeepAndRefusesOneThatCutsADomainTooFar() {
        List<Scored> documents = Scored.many(3000, 11);
        cluster.score(documents);
        cluster.calibrate();

        Outcome dry = cluster.select("--plan", "high-50", "--dry-run");
        Outcome strict = cluster.select("--plan", "high-50", "--max-domain-loss", "0.3");
        Outcome lenient = cluster.select("--plan", "high-50", "--max-domain-loss", "0.999");

        ExactRanks exact =
                new ExactRanks(documents.stream().mapToDouble(Scored::readNll).toArray());
        JsonNode domains = dry.first().get("bands").get(0).get("byDomain");
        documents.stream().collect(Collectors.groupingBy(Scored::domain)).forEach((domain, all) -> {
            List<Scored> kept = all.stream()
                    .filter(each -> exact.rank(each.readNll()) >= 0.5)
                    .toList();
            JsonNode of = domains.get(domain);
            assertThat(of.get("before").get("documents").asInt()).isEqualTo(all.size());
            assertThat(of.get("before").get("tokens").asLong())
                    .isEqualTo(all.stream().mapToLong(Scored::tokens).sum());
            assertThat(of.get("after").get("documents").asInt()).isBetween(kept.size() - 3, kept.size() + 3);
            assertThat(of.get("shareBefore").asDouble()).isEqualTo(all.size() / 3000.0);
            double change =
                    of.get("shareAfter").asDouble() / of.get("shareBefore").asDouble() - 1;
            assertThat(of.get("shareChange").asDouble()).isEqualTo(change);
        });
        assertThat(domains.get("books").get("shareChange").asDouble()).isBetween(-1.0, -0.3);
        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.error()).contains("'books'", "'high'", "30.0 %", "nothing was written");
        assertThat(lenient.code()).as(lenient.error()).isZero();
        assertThat(lenient.first().get("bands").get(0).get("documents").asInt())
                .isEqualTo(dry.first().get("bands").get(0).get("documents").asInt());
    }

    @Test
    void aDryRunAndARefusedPlanWriteNothing() {
        cluster.score(Scored.many(300, 11));
        cluster.calibrate();

        cluster.select("--plan", "high-50", "--dry-run");
        Outcome refused = cluster.select("--plan", "high-50", "--max-domain-loss", "0");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(cluster.topicNames()).noneMatch(topic -> topic.contains("bands."));
        assertThat(cluster.run(new PlansCommand(), "--json").out()).isEmpty();
    }

    @Test
    void aPlanIsStoredOnceAndNeverChanged() throws IOException {
        cluster.score(Scored.many(500, 2));
        cluster.calibrate();
        Path file = Files.writeString(
                folder.resolve("own.yaml"),
                "name: own\n"
                        + "bands: [{name: middle, from: 0.3, to: 0.6}, {name: tail, from: 0.5, to: 1}]\n"
                        + "origin: trial\n");

        Outcome first = cluster.select("--plan", file.toString());
        Outcome again = cluster.select("--plan", file.toString());
        Files.writeString(file, "name: own\nbands: [low]\n");
        Outcome changed = cluster.select("--plan", file.toString());
        Outcome frozen = cluster.freeze("own");
        Outcome unknown = cluster.select("--plan", "unheard-of");
        Outcome plans = cluster.run(new PlansCommand(), "--json");
        cluster.freeze("a_b", "--bands", "low");
        Outcome colliding = cluster.freeze("a", "--bands", "b_low=0:0.5");

        assertThat(first.code()).as(first.error()).isZero();
        assertThat(again.code()).as(again.error()).isZero();
        assertThat(List.of(changed, frozen)).allSatisfy(refused -> {
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.error()).contains("'own' exists", "middle [0.3, 0.6)", "choose another name");
        });
        assertThat(colliding.error()).contains("bands.a.b_low", "bands.a_b.low", "choose another name");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.error()).contains("'unheard-of'", "own");
        assertThat(plans.json()).singleElement().satisfies(plan -> {
            assertThat(plan.get("plan").asText()).isEqualTo("own");
            assertThat(plan.get("origin").asText()).isEqualTo("trial");
            assertThat(plan.get("cutsVersion").asInt()).isEqualTo(1);
            assertThat(plan.get("bands")).hasSize(2);
        });
        assertThat(cluster.positions("own", "middle"))
                .containsAnyElementsOf(cluster.positions("own", "tail"))
                .hasSizeBetween(140, 160);
    }

    @Test
    void routesByStratumWithTheStrataThatAreLargeEnough() {
        List<Scored> documents = Scored.many(4000, 9);
        cluster.score(documents);
        cluster.calibrate("--set", "calibrator.stratum.minimum.scores=1500");
        cluster.freeze("fair", "--bands", "high", "--stratification", "domain");

        Outcome selected = cluster.select("--plan", "fair");

        assertThat(selected.code()).as(selected.error()).isZero();
        Map<String, Integer> kept = new TreeMap<>();
        cluster.records(cluster.topics().band("fair", "high").name())
                .forEach(
                        record -> kept.merge(HeaderNames.text(record.headers(), HeaderNames.STRATUM), 1, Integer::sum));
        // Half of the documents are of the web; books and code have too few for their own cuts.
        Predicate<Scored> web = each -> each.domain().equals("web");
        int half = (int) documents.stream().filter(web).count() / 2;
        assertThat(kept.keySet()).containsExactly("all", "domain=web");
        assertThat(kept.get("domain=web")).isBetween(half - 3, half + 3);
        assertThat(cluster.audit("fair").code()).isZero();
    }

    @Test
    void aLivePlanRoutesFromTheFirstDocumentOnceItsCutsAreWarm() throws InterruptedException {
        SelectorSettings settings = cluster.settings(
                "calibrator.settle.ms=100", "calibrator.boundary.scores=50", "kafka.fetch.max.wait.ms=20");
        List<Scored> documents = Scored.many(4000, 17);
        cluster.score(documents.subList(0, 1500));
        try (Stop stop = Stop.byRequest();
                Telemetry telemetry = new ProgramOptions().telemetry("test");
                KafkaCluster connected = KafkaCluster.open(settings)) {
            CompletableFuture<Void> calibrator =
                    CompletableFuture.runAsync(() -> new CalibratorProgram(connected, folder, telemetry).follow(stop));
            while (cluster.run(new CutsCommand(), "list", "--json").out().isEmpty()) {
                assertThat(calibrator).isNotDone();
                Thread.sleep(100);
            }
            Outcome early = cluster.select("--plan", "high-50", "--live", "--warm-up", "1500");
            cluster.score(documents.subList(1500, 4000));
            // A restarted service has the same options.
            Outcome late = cluster.select("--plan", "high-50", "--live", "--warm-up", "1500");
            Outcome other = cluster.select("--plan", "high-50", "--live", "--warm-up", "1400");
            stop.request();
            calibrator.join();

            assertThat(early.first().get("documents").asLong())
                    .as(early.toString())
                    .isGreaterThanOrEqualTo(1500);
            assertThat(late.first().get("documents").asLong())
                    .as(late.toString())
                    .isGreaterThanOrEqualTo(2500);
            assertThat(other.error()).contains("'high-50' exists", "choose another name");
        }
        Outcome audited = cluster.audit("high-50");
        assertThat(audited.code()).as(audited.toString()).isZero();
        assertThat(audited.first().get("documents").asLong()).isEqualTo(4000);
        assertThat(audited.first().get("misplaced").asLong()).isZero();
        List<ScoredPosition> kept = cluster.positions("high-50", "high");
        assertThat(new HashSet<>(kept)).hasSameSizeAs(kept);
        assertThat(kept.size() / 4000.0).isBetween(0.44, 0.56);
    }

    @Test
    void worksWithTheStreamsGroupProtocol() {
        cluster.score(Scored.many(600, 21));
        String protocol = "selector.group.protocol=streams";

        Outcome calibrated = cluster.calibrate("--set", protocol);
        cluster.freeze("run", "--bands", "low,high");
        Outcome selected = cluster.select("--plan", "run", "--set", protocol);

        assertThat(calibrated.code()).as(calibrated.error()).isZero();
        assertThat(selected.first().get("documents").asLong()).isGreaterThanOrEqualTo(600);
        assertThat(cluster.audit("run").code()).isZero();
        assertThat(cluster.positions("run", "low").size()
                        + cluster.positions("run", "high").size())
                .isEqualTo(600);
    }

    @Test
    void reportsWhatIsMissing() throws IOException {
        assertThat(cluster.calibrate().code()).as("nothing to do").isZero();
        cluster.score(Scored.many(10, 1));
        assertThat(cluster.freeze("run").error()).contains("there are no cuts");
        assertThat(cluster.select("--plan", "high-50").error()).contains("there are no cuts");
        assertThat(cluster.audit("run").error()).contains("there is no plan 'run'");
        cluster.score(
                Scored.many(10, 1).stream().map(each -> each.by("another")).toList());
        assertThat(cluster.calibrate().json())
                .extracting(version -> version.get("modelRevision").asText())
                .containsExactlyInAnyOrder("another", Scored.MODEL);
        Outcome undecided = cluster.freeze("run");
        assertThat(undecided.error()).contains("several models", "--model-revision", "another", Scored.MODEL);
        assertThat(undecided.code()).isEqualTo(1);
        assertThat(cluster.select("--plan", "high-50").error()).contains("several models", "--model-revision");
        assertThat(cluster.select("--plan", "high-50", "--model-revision", "another")
                        .code())
                .isZero();
        assertThat(cluster.positions("high-50", "high")).hasSize(5);
        assertThat(cluster.select("--plan", "plan.yaml", "--live").code()).isEqualTo(2);
        assertThat(cluster.freeze("run", "--model-revision", "another")
                        .first()
                        .get("count")
                        .asInt())
                .isEqualTo(10);
        assertThat(cluster.audit("run").error()).contains("there is no topic", "bandpass select --plan run");
        assertThat(cluster.select("--plan", "p", "--warm-up", "5").code()).isEqualTo(2);
        assertThat(cluster.select("--plan", "run", "--max-domain-loss", "7").code())
                .isEqualTo(3);
        assertThat(cluster.select().code()).isEqualTo(2);
        assertThat(cluster.run(new ReplayCommand(), "--plan=x", "--cuts-of=run", "--cuts-version=1")
                        .code())
                .isEqualTo(2);
        Path live = Files.writeString(folder.resolve("live.yaml"), "{name: x, bands: [high], cutMode: live}");
        assertThat(cluster.run(new ReplayCommand(), "--plan=" + live, "--cuts-of=run")
                        .error())
                .contains("takes the cuts of plan 'run'", "cutMode: live");
        assertThat(cluster.run(new ReplayCommand(), "--plan=x", "--bands=a=0:2").code())
                .isEqualTo(3);
        assertThat(cluster.run(new ReplayCommand(), "--plan=x", "--cuts-of=run", "--rate=0.3")
                        .error())
                .contains("--rate", "names none");
    }
}
