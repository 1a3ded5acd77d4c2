package org.bandpass.languagemodel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.file.SafetensorsFile;
import org.bandpass.languagemodel.file.SafetensorsFile.Entry;

/** The weights of a folder, found by name and checked against the config, copied into a program piece by piece. */
final class StoredWeights implements AutoCloseable {
    private final Path folder;
    private final Architecture architecture;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, Entry> byName = new HashMap<>();

    private StoredWeights(Path folder, Architecture architecture) {
        this.folder = folder;
        this.architecture = architecture;
    }

    /** Opens all files and checks that they hold each weight in its shape, and nothing unknown. */
    static StoredWeights open(Path folder, Architecture architecture) {
        StoredWeights weights = new StoredWeights(folder, architecture);
        try {
            weights.openFiles();
            weights.check();
            return weights;
        } catch (IOException e) {
            weights.close();
            throw new UncheckedIOException(folder + ": " + e.getMessage() + " cannot be read", e);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private void openFiles() throws IOException {
        Map<String, String> shards = ModelFolder.shards(folder);
        for (Path path : ModelFolder.weightFiles(folder)) {
            SafetensorsFile file = SafetensorsFile.open(path);
            files.add(file);
            for (Entry entry : file.entries().values()) {
                String shard = shards.getOrDefault(entry.name(), String.valueOf(path.getFileName()));
                if (!path.endsWith(shard)) {
                    throw new ModelFormatException(
                            entry.where() + ": the index expects it in " + shard + ", found here");
                }
                if (byName.put(architecture.plainName(entry.name()), entry) != null) {
                    throw ModelFormatException.expected(entry.where(), "once", "twice");
                }
            }
        }
        shards.forEach((name, shard) -> {
            if (!byName.containsKey(architecture.plainName(name))) {
                throw new ModelFormatException(
                        folder + ": " + name + ": the index expects it in " + shard + ", found nowhere");
            }
        });
    }

    private void check() throws IOException {
        Map<String, Entry> left = new HashMap<>(byName);
        for (Weight weight : architecture.weights()) {
            Entry entry = left.remove(weight.name());
            if (entry == null) {
                throw ModelFormatException.expected(
                        folder + ": " + weight.name(), weight.shape(), "nothing of that name");
            }
            if (!entry.shape().equals(weight.longShape())) {
                throw ModelFormatException.expected(
                        entry.where(), "shape " + weight.shape() + " from the config", entry.shape());
            }
            if (!entry.dtype().real) {
                throw ModelFormatException.expected(entry.where(), "dtype F32, F16, BF16 or F64", entry.dtype());
            }
        }
        for (Map.Entry<String, Entry> more : left.entrySet()) {
            if (architecture.tied() && more.getKey().equals(architecture.headName())) {
                checkCopy(more.getValue());
            } else if (!architecture.skipped(more.getKey())) {
                throw new ModelFormatException(more.getValue().where() + ": the config expects no such tensor, found "
                        + more.getValue().shape());
            }
        }
    }

    /** A tied output projection is skipped only if it is a copy: programs differ in which of the two they use. */
    private void checkCopy(Entry head) throws IOException {
        String embedding = architecture.weights().get(0).name();
        if (!head.sameBytes(Objects.requireNonNull(byName.get(embedding)))) {
            throw new ModelFormatException(
                    head.where() + ": expected a copy of " + embedding
                            + ", since the config ties them, found other numbers: set tie_word_embeddings to false to use them");
        }
    }

    /** Allocates the weights in a program, in types of libtorch, and copies their numbers. */
    void copyTo(TorchProgram program, ToIntFunction<Weight> type) {
        int index = 0;
        for (Weight weight : architecture.weights()) {
            program.allocate(weight.shape(), type.applyAsInt(weight));
            Entry entry = Objects.requireNonNull(byName.get(weight.name()));
            try {
                program.send("fill", entry, index++);
            } catch (IOException e) {
                throw new UncheckedIOException(entry.where() + " cannot be read", e);
            }
        }
    }

    @Override
    public void close() {
        for (SafetensorsFile file : files) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
