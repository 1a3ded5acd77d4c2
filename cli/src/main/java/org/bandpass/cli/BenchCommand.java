package org.bandpass.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.bandpass.service.ProgramFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a benchmark in a separate JVM. Benchmarks are not shipped: they run from a checkout. */
@Command(
        name = "bench",
        description = "Runs a benchmark from a checkout; 'bandpass bench' lists them, 'bandpass bench NAME --help'"
                + " explains one.")
final class BenchCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "NAME [OPTION…]", description = "Benchmark and its options.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("bandpass.home", ".")).toAbsolutePath();
        Path root = home.resolve("../..").normalize();
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx4g",
                "-Dbandpass.home=" + home,
                "-Dbandpass.revision=" + Versions.revision(),
                "-cp",
                String.join(File.pathSeparator, benchmarks(root).toString(), home + "/*", home.resolve("lib") + "/*"),
                "org.bandpass.benchmarks.Benchmarks"));
        command.addAll(arguments.isEmpty() ? List.of("--help") : arguments);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static Path benchmarks(Path root) throws IOException {
        Path target = root.resolve("benchmarks/target");
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                List<Path> jars = files.filter(
                                file -> file.getFileName().toString().matches("bandpass-benchmarks-[^-]+\\.jar"))
                        .toList();
                if (jars.size() == 1) {
                    return jars.get(0);
                }
            }
        }
        throw new ProgramFailure(
                "no built benchmarks in " + target + ": they are not shipped; run ./bandpass bench in a checkout");
    }
}
