package org.bandpass.selector.runtime;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.Settings;

/**
 * Settings of calibrator and router; {@link #definition} describes each, with its unit.
 *
 * @param settings all of them, including the common ones
 * @param blockRecords how many records of a partition have the same weight, twice that of those before; 0 for no
 *     half-life
 * @param deadLetterPositions where records with an unknown schema may become dead letters
 */
public record SelectorSettings(
        Settings settings,
        Topics topics,
        TopicSpec scoredTopic,
        int threads,
        int commitIntervalMillis,
        String groupProtocol,
        int boundaryScores,
        long blockRecords,
        List<Stratification> stratifications,
        int mostStrata,
        long stratumMinimum,
        double growth,
        Duration refresh,
        Duration settle,
        int cutsKept,
        DeadLetterPositions deadLetterPositions) {

    private static final String THREADS = "selector.threads";
    private static final String COMMIT_INTERVAL = "selector.commit.interval.ms";
    private static final String GROUP_PROTOCOL = "selector.group.protocol";
    private static final String SCORED_TOPIC = "selector.scored.topic";
    private static final String BOUNDARY = "calibrator.boundary.scores";
    private static final String STRATA = "calibrator.strata";
    private static final String STRATA_MAXIMUM = "calibrator.strata.maximum";
    private static final String STRATUM_MINIMUM = "calibrator.stratum.minimum.scores";
    private static final String GROWTH = "calibrator.growth.ratio";
    private static final String HALF_LIFE = "calibrator.half.life.documents";
    private static final String SETTLE = "calibrator.settle.ms";
    private static final String REFRESH = "calibrator.refresh.ms";
    private static final String CUTS_KEPT = "calibrator.cuts.keep";

    public static ConfigDef definition() {
        return calibrator(new ConfigDef()
                .define(
                        THREADS,
                        Type.INT,
                        1,
                        Range.between(1, 1024),
                        Importance.MEDIUM,
                        "Threads of a calibrator or router; partitions are spread over them.")
                .define(
                        COMMIT_INTERVAL,
                        Type.INT,
                        200,
                        Range.between(100, 1000),
                        Importance.LOW,
                        "Milliseconds between transactions; readers of committed records wait that long.")
                .define(
                        GROUP_PROTOCOL,
                        Type.STRING,
                        "classic",
                        ConfigDef.ValidString.in("classic", "streams"),
                        Importance.LOW,
                        "Rebalance protocol. With 'streams' standbys are a setting of the group on the broker, static"
                                + " membership is refused, and switching needs an empty group.")
                .define(
                        SCORED_TOPIC,
                        Type.STRING,
                        "",
                        Importance.LOW,
                        "Topic of scores, full name; empty for scored-documents under the prefix."));
    }

    private static ConfigDef calibrator(ConfigDef definition) {
        return pace(definition)
                .define(
                        REFRESH,
                        Type.LONG,
                        3_600_000L,
                        Range.atLeast(100),
                        Importance.LOW,
                        "Milliseconds after which new scores of an idle topic get new cuts even if no cut has moved.")
                .define(
                        CUTS_KEPT,
                        Type.INT,
                        50,
                        Range.atLeast(1),
                        Importance.LOW,
                        "How many latest versions of the cuts of each model are kept; older ones are deleted unless a"
                                + " plan or a band names them.")
                .define(
                        STRATA,
                        Type.STRING,
                        "domain,source,language",
                        SelectorSettings::checkStrata,
                        Importance.MEDIUM,
                        "Populations with their own cuts, in addition to all scores: domain, source, language, or"
                                + " nothing.")
                .define(
                        STRATA_MAXIMUM,
                        Type.INT,
                        256,
                        Range.between(0, 256),
                        Importance.LOW,
                        "Largest number of strata of each kind; documents of later ones are ranked among all.")
                .define(
                        STRATUM_MINIMUM,
                        Type.LONG,
                        1000L,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Scores a stratum needs for its own cuts; documents of smaller ones are ranked among all.");
    }

    private static ConfigDef pace(ConfigDef definition) {
        return definition
                .define(
                        BOUNDARY,
                        Type.INT,
                        1000,
                        Range.between(1, 100_000),
                        Importance.LOW,
                        "Scores of a stratum and partition between two serialisations of its digest.")
                .define(
                        GROWTH,
                        Type.DOUBLE,
                        0.05,
                        Range.between(0.001, 10),
                        Importance.LOW,
                        "Growth of the number of scores, as a share, after which new cuts are published.")
                .define(
                        HALF_LIFE,
                        Type.LONG,
                        0L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Scored documents after which a score counts half, for data that drift; 0 for never.")
                .define(
                        SETTLE,
                        Type.LONG,
                        10_000L,
                        Range.atLeast(100),
                        Importance.LOW,
                        "Milliseconds without new scores after which a topic is idle and the cuts may catch up.");
    }

    private static void checkStrata(String name, Object value) {
        try {
            if (strata(String.valueOf(value)).contains(Stratification.ALL)) {
                throw new ConfigException(name, value, "'all' is always kept and must not be named");
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, e.getMessage());
        }
    }

    private static List<Stratification> strata(String words) {
        return Arrays.stream(words.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .map(Stratification::named)
                .distinct()
                .toList();
    }

    public static SelectorSettings of(Settings settings) {
        Topics topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        String scoredTopic = settings.text(SCORED_TOPIC);
        long halfLife = settings.longInteger(HALF_LIFE);
        return new SelectorSettings(
                settings,
                topics,
                scoredTopic.isEmpty() ? topics.scoredDocuments() : topics.scored(scoredTopic),
                settings.integer(THREADS),
                settings.integer(COMMIT_INTERVAL),
                settings.text(GROUP_PROTOCOL),
                settings.integer(BOUNDARY),
                halfLife == 0 ? 0 : Math.max(1, halfLife / topics.partitions()),
                strata(settings.text(STRATA)),
                settings.integer(STRATA_MAXIMUM),
                settings.longInteger(STRATUM_MINIMUM),
                settings.real(GROWTH),
                Duration.ofMillis(settings.longInteger(REFRESH)),
                Duration.ofMillis(settings.longInteger(SETTLE)),
                settings.integer(CUTS_KEPT),
                DeadLetterPositions.parse(settings.deadLetterPositions()));
    }

    public Map<String, Object> client() {
        return settings.kafka();
    }
}
