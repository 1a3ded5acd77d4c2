package org.bandpass.cli;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The Helm chart as Helm renders it, and its pods. */
final class RenderedChart {

    static final Path ROOT = Path.of(System.getProperty("bandpass.root", ".."));
    static final Path CHART = ROOT.resolve("helm/bandpass");

    /**
     * A pod of some object.
     *
     * @param kind Deployment, Job or CronJob
     * @param name name of that object
     * @param spec the pod's specification
     */
    record Pod(String kind, String name, Map<String, Object> spec) {

        /** Returns the arguments of its only container, the command first. */
        List<String> arguments() {
            return list(map(list(spec.get("containers")).get(0)).get("args")).stream()
                    .map(String::valueOf)
                    .toList();
        }

        String command() {
            return arguments().get(0);
        }

        /** Returns the value of an option. */
        String option(String name) {
            return arguments().get(arguments().indexOf(name) + 1);
        }

        /** Returns the mounted claims and their paths. */
        List<String> claims() {
            List<String> claims = new ArrayList<>();
            for (Object mount : list(map(list(spec.get("containers")).get(0)).get("volumeMounts"))) {
                for (Object volume : list(spec.get("volumes"))) {
                    Object claim = map(volume).get("persistentVolumeClaim");
                    if (claim != null
                            && map(mount).get("name").equals(map(volume).get("name"))) {
                        claims.add(map(claim).get("claimName") + " at "
                                + map(mount).get("mountPath"));
                    }
                }
            }
            return claims;
        }
    }

    private final String text;
    private final List<Pod> pods = new ArrayList<>();

    RenderedChart(String text) {
        this.text = text;
        for (Object object : new Yaml().loadAll(text)) {
            if (object != null) {
                Object name = map(map(object).get("metadata")).get("name");
                collect(String.valueOf(map(object).get("kind")), String.valueOf(name), map(object));
            }
        }
    }

    /** Returns the command that renders a chart with each program once. */
    static TemplateCommand everything(Path chart) {
        return new Helm(chart)
                .template()
                .withName("crawl")
                .set("kafka.bootstrapServers", "kafka:9092")
                // Otherwise a template would ask a cluster, and there is none.
                .set("jobs.keepExisting", false)
                .set("models.existingClaim", "models")
                .set("ingest.enabled", true)
                .set("ingest.files[0]", "/input/a.jsonl.gz")
                .set("tokenizer.enabled", true)
                .set("routers[0].plan", "high-50")
                .set("trainings[0].run", "reference")
                .set("trainings[0].reference", true)
                .set("trainings[0].tokens", "26000000000");
    }

    String text() {
        return text;
    }

    List<Pod> pods() {
        return pods;
    }

    /** Returns the only pod that runs a command. */
    Pod pod(String command) {
        List<Pod> found =
                pods.stream().filter(pod -> pod.command().equals(command)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " pods run " + command);
        }
        return found.get(0);
    }

    /** Returns the names of the Jobs. */
    List<String> jobs() {
        return pods.stream()
                .filter(pod -> pod.kind().equals("Job"))
                .map(Pod::name)
                .toList();
    }

    private void collect(String kind, String name, Map<String, Object> object) {
        object.forEach((key, value) -> {
            if (key.equals("template")) {
                pods.add(new Pod(kind, name, map(map(value).get("spec"))));
            } else if (value instanceof Map) {
                collect(kind, name, map(value));
            }
        });
    }

    @SuppressWarnings("unchecked") // YAML's objects have texts for keys
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // a list of anything is a list of objects
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
