package org.bandpass.cli;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The size of the packages, and which packages of their module they know. */
class PackagesTest {

    private static final String ROOT = "org.bandpass.";
    private static final int MOST_FILES = 40;
    private static final Path CHECKOUT =
            Path.of(System.getProperty("bandpass.root", "..")).toAbsolutePath().normalize();
    private static final Path ARCHITECTURE = CHECKOUT.resolve("ARCHITECTURE.md");
    private static final String BEGIN = "<!-- packages: PackagesTest compares this with the code -->\n";
    private static final String END = "<!-- end of packages -->\n";

    @Test
    void noPackageHoldsMoreThan40Files() throws IOException {
        Map<Path, Long> sizes = mainFiles().stream()
                .collect(groupingBy(file -> CHECKOUT.relativize(file).getParent(), counting()));

        assertThat(sizes)
                .isNotEmpty()
                .allSatisfy(
                        (folder, size) -> assertThat(size).as(folder.toString()).isLessThanOrEqualTo(MOST_FILES));
    }

    private static List<Path> mainFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(CHECKOUT, Files::isDirectory)) {
            for (Path module : modules) {
                Path code = module.resolve("src/main/java");
                if (Files.isDirectory(code)) {
                    try (Stream<Path> walk = Files.walk(code)) {
                        walk.filter(Files::isRegularFile).forEach(files::add);
                    }
                }
            }
        }
        return files;
    }

    @Test
    void theTableInTheArchitectureShowsWhoKnowsWhom() throws IOException {
        String page = Files.readString(ARCHITECTURE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        String table = table(known());
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(ARCHITECTURE, page.substring(0, from) + table + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to))
                .as("the table of packages in ARCHITECTURE.md; if the change is meant, run this test with"
                        + " -Dgolden.update=true and look at the difference")
                .isEqualTo(table);
    }

    /** Returns which packages of its own module each package knows. */
    private static Map<String, SortedSet<String>> known() {
        Map<String, SortedSet<String>> known = new TreeMap<>();
        for (JavaClass each : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.bandpass")) {
            String own = each.getPackageName();
            SortedSet<String> others = known.computeIfAbsent(own, name -> new TreeSet<>());
            each.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getPackageName)
                    .filter(other -> !other.equals(own) && module(other).equals(module(own)))
                    .forEach(others::add);
        }
        return known;
    }

    private static String module(String name) {
        return name.startsWith(ROOT) ? name.substring(ROOT.length()).split("\\.")[0] : "";
    }

    private static String table(Map<String, SortedSet<String>> known) {
        return known.keySet().stream()
                .collect(groupingBy(PackagesTest::module, TreeMap::new, toList()))
                .values()
                .stream()
                .map(packages -> downwards(packages, known).stream()
                        .map(name -> "| `" + shorten(name) + "` | "
                                + known.get(name).stream()
                                        .map(other -> "`" + shorten(other) + "`")
                                        .collect(joining(" "))
                                + " |\n")
                        .collect(joining()))
                .collect(joining("", "| package | packages of its module that it knows |\n|---|---|\n", ""));
    }

    private static String shorten(String name) {
        return name.substring(ROOT.length());
    }

    /** Returns packages in an order in which each knows only later ones. */
    private static List<String> downwards(List<String> packages, Map<String, SortedSet<String>> known) {
        List<String> left = new ArrayList<>(packages);
        List<String> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> tops = left.stream()
                    .filter(name ->
                            left.stream().noneMatch(other -> known.get(other).contains(name)))
                    .sorted(Comparator.naturalOrder())
                    .toList();
            assertThat(tops)
                    .as("packages that know each other in a circle, among " + left)
                    .isNotEmpty();
            ordered.add(tops.get(0));
            left.remove(tops.get(0));
        }
        return ordered;
    }
}
