package org.bandpass.selector.plan;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.digest.ScoreSketch;
import org.bandpass.selector.score.Scored;
import org.bandpass.selector.score.Stratification;

/** Plans of tests. */
public final class TestPlans {

    private TestPlans() {}

    public static Cuts cuts(String scoredTopic, String stratum, int version, double... scores) {
        byte[] digest = ScoreSketch.add(new byte[0], scores, scores.length);
        return Cuts.newBuilder()
                .setScoredTopic(scoredTopic)
                .setModelRevision(Scored.MODEL)
                .setStratum(stratum)
                .setVersion(version)
                .setCount(scores.length)
                .setCovered(List.of((long) scores.length))
                .setDigest(ByteBuffer.wrap(digest))
                .setRankErrorBound(RankTable.of(digest).rankErrorBound())
                .build();
    }

    public static Plan frozen(String name, String scoredTopic, List<Band> bands, double... scores) {
        return frozen(name, bands, Stratification.ALL, List.of(cuts(scoredTopic, "all", 1, scores)));
    }

    public static Plan frozen(String name, List<Band> bands, Stratification stratification, List<Cuts> cuts) {
        return Plan.newBuilder()
                .setName(name)
                .setBands(new ArrayList<>(bands))
                .setStratification(stratification.word())
                .setCutMode(CutMode.FROZEN)
                .setScoredTopic(cuts.get(0).getScoredTopic())
                .setModelRevision(Scored.MODEL)
                .setCutsVersion(cuts.get(0).getVersion())
                .setCuts(new ArrayList<>(cuts))
                .build();
    }

    public static Plan live(String name, String scoredTopic, List<Band> bands, long warmUp) {
        return Plan.newBuilder()
                .setName(name)
                .setBands(new ArrayList<>(bands))
                .setCutMode(CutMode.LIVE)
                .setScoredTopic(scoredTopic)
                .setModelRevision(Scored.MODEL)
                .setWarmUp(warmUp)
                .build();
    }
}
