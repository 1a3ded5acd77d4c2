package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;

/** The page of all settings is what the programs define. */
class ConfigurationPageTest {

    private static final Path PAGE = PackagedCommand.ROOT.resolve("docs/configuration.md");

    private static final String HEAD = """
            # Settings

            Written by `ConfigurationPageTest` from what the programs define; do not edit.

            A setting comes from the environment (`topic.prefix` is `BANDPASS_TOPIC_PREFIX`), from `--config FILE` and from
            `--set KEY=VALUE`; each wins over the one before. `bandpass config` prints this list as such a file. Settings that
            begin with `kafka.` go to Kafka's clients and Kafka Streams without the prefix (`kafka.bootstrap.servers`).
            """;

    @Test
    void thePageOfSettingsShowsWhatTheProgramsDefine() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        ConfigCommand.sections().forEach((title, definition) -> {
            page.append("\n## ").append(title).append("\n\n| setting | default | meaning |\n|---|---|---|\n");
            definition.configKeys().values().forEach(key -> page.append(row(key)));
        });
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page);
            return;
        }

        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md; if the change is meant, run this test with -Dgolden.update=true")
                .isEqualTo(page.toString());
    }

    private static String row(ConfigKey key) {
        String value = ConfigDef.convertToString(key.defaultValue, key.type);
        String shown = value == null || value.isEmpty() ? "" : "`" + escaped(value) + "`";
        return "| `" + key.name + "` | " + shown + " | " + escaped(key.documentation) + " |\n";
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("\n", "\\n").replace("\t", "\\t");
    }
}
