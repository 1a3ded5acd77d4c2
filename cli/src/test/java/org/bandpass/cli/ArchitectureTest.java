package org.bandpass.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.bandpass.schemas.Clients;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which module and package may know which, and what only one place may do. */
class ArchitectureTest {

    private static final JavaClasses BANDPASS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.bandpass");

    static final List<String> FOUNDATIONS = List.of("schemas", "service", "languagemodel", "sources");
    static final List<String> PROGRAMS = List.of("ingest", "scorer", "selector", "trainer", "eval", "console");

    private static String[] packages(Stream<String> names) {
        return names.map(name -> "org.bandpass." + name + "..").toArray(String[]::new);
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void aProgramKnowsNoProgram(String program) {
        Stream<String> others = Stream.concat(PROGRAMS.stream(), Stream.of("cli", "broker", "benchmarks"));
        check(noClasses()
                .that()
                .resideInAnyPackage(packages(Stream.of(program)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(others.filter(other -> !other.equals(program)))));
    }

    @ParameterizedTest
    @FieldSource("FOUNDATIONS")
    void aFoundationKnowsNeitherAProgramNorAnotherFoundation(String foundation) {
        Stream<String> others = Stream.of(FOUNDATIONS, PROGRAMS, List.of("cli", "broker", "benchmarks"))
                .flatMap(List::stream)
                .filter(other -> !other.equals(foundation));
        check(noClasses()
                .that()
                .resideInAnyPackage(packages(Stream.of(foundation)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(others)));
    }

    @ParameterizedTest
    @FieldSource("HOUSE_RULES")
    void keepsTheHouseRules(ArchRule rule) {
        check(rule);
    }

    static final List<ArchRule> HOUSE_RULES = List.of(
            noClasses()
                    .that()
                    .resideOutsideOfPackage("org.bandpass.languagemodel..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.djl..")
                    .as("DJL stops at the language model"),
            noClasses()
                    .that()
                    .resideInAPackage("org.bandpass.languagemodel..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka..")
                    .as("no Kafka in the language model"),
            noClasses()
                    .that()
                    .resideInAPackage("org.bandpass.sources..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka..")
                    .as("no Kafka in the sources"),
            noClasses()
                    .that()
                    .resideOutsideOfPackages("org.bandpass.selector..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka.streams..")
                    .as("Kafka Streams in the selector only"),
            noClasses()
                    .that()
                    .haveSimpleNameNotEndingWith("Meters")
                    .and()
                    .haveSimpleNameNotEndingWith("Tally")
                    .should()
                    .callMethodWhere(
                            target(owner(resideInAPackage("io.micrometer.."))).and(target(name("builder"))))
                    .as("names of metrics stand in …Meters and …Tally only"),
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(Bandpass.class.getName())
                    .and()
                    .resideOutsideOfPackage("org.bandpass.benchmarks")
                    .should()
                    .callMethod(System.class, "exit", int.class)
                    .as("only the command leaves the JVM"),
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "org.bandpass.languagemodel..",
                            "org.bandpass.sources..",
                            "org.bandpass.selector..",
                            "org.bandpass.ingest..")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .as("what decides about documents reads no clock"),
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(Clients.class.getName())
                    .should()
                    .callMethodWhere(target(owner(assignableTo(Producer.class))).and(target(name("commitTransaction"))))
                    .as("only Clients commits transactions, with nothing left out"),
            classes()
                    .that()
                    .resideInAnyPackage(PROGRAMS.stream()
                            .map(program -> "org.bandpass." + program)
                            .toArray(String[]::new))
                    .and()
                    .arePublic()
                    .and()
                    .areTopLevelClasses()
                    .should()
                    .haveSimpleNameEndingWith("Command")
                    .as("a program exports its commands"),
            noClasses()
                    .that()
                    .resideInAPackage("org.bandpass.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages(PROGRAMS.stream().map(program -> program + ".*")))
                    .as("of a program only its commands are known outside"),
            SlicesRuleDefinition.slices()
                    .matching("org.bandpass.(*)..")
                    .should()
                    .beFreeOfCycles());

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(BANDPASS);
    }
}
