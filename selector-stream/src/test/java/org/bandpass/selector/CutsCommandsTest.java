package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.SelectorCluster.Outcome;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanChoice;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.score.Scored;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cuts list, show, freeze, diff and prune on a real broker, and their exit codes. */
@Timeout(600)
class CutsCommandsTest {

    @TempDir
    private Path folder;

    @Test
    void showsFreezesComparesAndPrunesVersions() {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                SelectorCluster cluster = new SelectorCluster(broker, folder)) {
            List<Scored> documents = Scored.many(4000, 8);
            List<Scored> later = Scored.many(1000, 9);
            cluster.score(documents.subList(0, 3000));
            CompletableFuture<Plan> live = CompletableFuture.supplyAsync(() -> firstLivePlan(cluster));
            assertThat(cluster.calibrate().code()).isZero();
            assertThat(live.join().getModelRevision()).isEqualTo(Scored.MODEL);
            cluster.score(documents.subList(3000, 3500));
            freezesPartialCutsOnlyIfAllowed(cluster);
            cluster.calibrate();
            routesLiveWithTheSecond(cluster);
            cluster.score(documents.subList(3500, 4000));
            cluster.calibrate();

            assertThat(cuts(cluster, "list").json())
                    .extracting(
                            version -> version.get("version").asInt(),
                            version -> version.get("count").asInt(),
                            version -> version.get("plans").toString())
                    .containsExactly(tuple(1, 3000, "[\"partial\"]"), tuple(2, 3500, "[]"), tuple(3, 4000, "[]"));
            showsQuantiles(cluster, documents);
            comparesVersions(cluster);
            cluster.score(later);
            cluster.calibrate();
            prunesUnusedVersions(cluster);
            refusesInvalidOptions(cluster);
        }
    }

    /** A router may start before the calibrator: it waits for cuts, which determine whose scores it ranks. */
    private static Plan firstLivePlan(SelectorCluster cluster) {
        SelectorSettings settings = cluster.settings();
        try (Stop never = Stop.byRequest();
                KafkaCluster own = KafkaCluster.open(settings)) {
            return new PlanChoice(new PlanCatalog(own), 1000L, null, false, true).find("low-25", never);
        }
    }

    private static Outcome cuts(SelectorCluster cluster, String what, String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = what;
        arguments[1] = "--json";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return cluster.run(new CutsCommand(), arguments);
    }

    private static void freezesPartialCutsOnlyIfAllowed(SelectorCluster cluster) {
        Outcome refused = cluster.freeze("partial");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.error()).contains("3000", "holds more", "--until-caught-up", "--allow-partial");

        JsonNode plan = cluster.freeze("partial", "--allow-partial", "--bands", "top=0.9:1,low", "--rate", "0.25")
                .first();
        assertThat(plan.get("version").asInt()).isEqualTo(1);
        assertThat(plan.get("bands").get(0).get("name").asText()).isEqualTo("top");
        assertThat(plan.get("bands").get(0).get("from").asDouble()).isEqualTo(0.9);
        assertThat(plan.get("bands").get(1).get("to").asDouble()).isEqualTo(0.25);
    }

    private static void showsQuantiles(SelectorCluster cluster, List<Scored> documents) {
        ExactRanks exact =
                new ExactRanks(documents.stream().mapToDouble(Scored::readNll).toArray());
        List<JsonNode> strata = cuts(cluster, "show").json();

        assertThat(strata)
                .extracting(each -> each.get("stratum").asText())
                .contains("all", "domain=web", "source=test", "language=en");
        JsonNode all = strata.stream()
                .filter(each -> each.get("stratum").asText().equals("all"))
                .findFirst()
                .orElseThrow();
        assertThat(all.get("count").asInt()).isEqualTo(4000);
        all.get("quantiles")
                .properties()
                .forEach(quantile -> assertThat(exact.rank(quantile.getValue().asDouble()))
                        .isBetween(
                                Double.parseDouble(quantile.getKey()) - 0.001,
                                Double.parseDouble(quantile.getKey()) + 0.001));
        assertThat(cuts(cluster, "show", "--cuts-version", "1")
                        .json()
                        .get(0)
                        .get("version")
                        .asInt())
                .isEqualTo(1);
    }

    private static void comparesVersions(SelectorCluster cluster) {
        JsonNode all = cuts(cluster, "diff", "--from", "1").json().stream()
                .filter(each -> each.get("stratum").asText().equals("all"))
                .findFirst()
                .orElseThrow();

        assertThat(all.get("countFrom").asInt()).isEqualTo(3000);
        assertThat(all.get("countTo").asInt()).isEqualTo(4000);
        assertThat(all.get("distance").asDouble()).isBetween(0.0001, 0.05);
        assertThat(cuts(cluster, "diff", "--from", "2", "--to", "2").json())
                .allSatisfy(each -> assertThat(each.get("distance").asDouble()).isZero());
    }

    private static void routesLiveWithTheSecond(SelectorCluster cluster) {
        Outcome routed = cluster.select("--plan", "high-25", "--live", "--warm-up", "1000");
        assertThat(routed.first().get("documents").asInt())
                .as(routed.toString())
                .isGreaterThanOrEqualTo(3500);
    }

    /** Of four versions a plan has the first, records of a live band name the second, and the last always stays. */
    private static void prunesUnusedVersions(SelectorCluster cluster) {
        String band = cluster.topics().band("high-25", "high").name();
        cluster.write(List.of(new ProducerRecord<>(band, HeaderNames.bytes("foreign"), new byte[] {1})));
        Outcome rehearsed = cuts(cluster, "prune", "--keep", "1", "--dry-run");
        Outcome pruned = cuts(cluster, "prune", "--keep", "1");
        Outcome again = cuts(cluster, "prune", "--keep", "1");

        assertThat(rehearsed.first().get("deleted").asBoolean()).isFalse();
        assertThat(pruned.json()).singleElement().satisfies(version -> {
            assertThat(version.get("version").asInt()).isEqualTo(3);
            assertThat(version.get("deleted").asBoolean()).isTrue();
        });
        assertThat(again.out()).isEmpty();
        assertThat(cuts(cluster, "list").json())
                .extracting(version -> version.get("version").asInt())
                .containsExactly(1, 2, 4);
        assertThat(cuts(cluster, "show", "--cuts-version", "3").error()).contains("no version 3");
    }

    private static void refusesInvalidOptions(SelectorCluster cluster) {
        assertThat(cuts(cluster, "show", "--cuts-version", "9").code()).isEqualTo(1);
        assertThat(cuts(cluster, "show", "--model-revision", "x").error()).contains("revision x", Scored.MODEL);
        assertThat(cuts(cluster, "prune", "--keep", "0").code()).isEqualTo(3);
        assertThat(cluster.freeze("other", "--rate", "0").code()).isEqualTo(3);
        assertThat(cluster.freeze("other", "--bands", "a=0:0.5", "--rate", "0.3")
                        .error())
                .contains("--rate", "names none");
        assertThat(cluster.freeze("low-25", "--rate", "0.6").error()).contains("'low-25'", "says which band");
        assertThat(cluster.freeze("other", "--bands", "upper").error()).contains("'upper'", "low, medium and high");
        assertThat(cluster.freeze("high-50", "--bands", "low").code()).isEqualTo(3);
        assertThat(cluster.freeze("other", "--stratification", "colour").error())
                .contains("'colour'");
        assertThat(cuts(cluster, "diff").code()).isEqualTo(2);
        assertThat(cuts(cluster, "list", "--unheard-of").code()).isEqualTo(2);
        assertThat(cluster.run(new CutsCommand()).code()).isEqualTo(2);
    }
}
