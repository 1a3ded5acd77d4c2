package org.bandpass.selector.calibrator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;

/** Forgets what a calibrator has digested, so that it begins anew with the first score. Published cuts stay. */
final class CalibratorReset {

    private final SelectorSettings settings;
    private final KafkaCluster cluster;

    CalibratorReset(SelectorSettings settings, KafkaCluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    /**
     * Forgets positions, changelogs and local state. Ended at any point, it can be begun again.
     *
     * @param group the application
     * @param folder its folder of local state
     * @throws ProgramFailure if the application runs
     */
    void run(String group, Path folder) {
        FolderLock lock = FolderLock.take(folder);
        try {
            cluster.deleteGroup(group);
            // Partials of before are as old as the state: whoever reads them again has it again.
            cluster.startAtEnd(group, settings.topics().scoreDigests().name());
            cluster.delete(Stream.of(
                            CalibratorTopology.SCORE_DIGESTS,
                            CalibratorTopology.LATEST_PARTIALS,
                            CalibratorTopology.PUBLISHED_CUTS)
                    .map(store -> group + "-" + store + "-changelog")
                    .toList());
            delete(folder);
        } finally {
            lock.close();
        }
        System.err.println("the state of " + group + " is forgotten; its cuts stay, and new versions follow them");
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> inner = files.filter(file -> !file.equals(folder) && !file.endsWith("bandpass.lock"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path file : inner) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new ProgramFailure("cannot delete the state in " + folder + ": " + e.getMessage(), e);
        }
    }
}
