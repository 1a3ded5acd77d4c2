package org.bandpass.languagemodel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.file.SafetensorsFile;

/** The weights of a folder, found by name and checked against the config, copied into a program piece by piece. */
final class StoredWeights implements AutoCloseable {

    private record Found(SafetensorsFile file, SafetensorsFile.Entry entry) {}

    private final Path folder;
    private final Architecture architecture;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, Found> byName = new HashMap<>();

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
            for (SafetensorsFile.Entry entry : file.entries().values()) {
                String shard = shards.getOrDefault(entry.name(), String.valueOf(path.getFileName()));
                if (!path.endsWith(shard)) {
                    throw new ModelFormatException(
                            path + ": " + entry.name() + ": the index expects it in " + shard + ", found here");
                }
                if (byName.put(architecture.plainName(entry.name()), new Found(file, entry)) != null) {
                    throw new ModelFormatException(path + ": " + entry.name() + ": expected once, found twice");
                }
            }
        }
        for (Map.Entry<String, String> shard : shards.entrySet()) {
            if (!byName.containsKey(architecture.plainName(shard.getKey()))) {
                throw new ModelFormatException(folder + ": " + shard.getKey() + ": the index expects it in "
                        + shard.getValue() + ", found nowhere");
            }
        }
    }

    private void check() throws IOException {
        Map<String, Found> left = new HashMap<>(byName);
        for (Weight weight : architecture.weights()) {
            Found found = left.remove(weight.name());
            if (found == null) {
                throw new ModelFormatException(folder + ": " + weight.name() + ": expected " + weight.shape()
                        + ", found nothing of that name");
            }
            checkTensor(weight, found);
        }
        for (Map.Entry<String, Found> more : left.entrySet()) {
            if (architecture.tied() && more.getKey().equals(architecture.headName())) {
                checkCopy(more.getValue());
            } else if (!architecture.skipped(more.getKey())) {
                throw new ModelFormatException(more.getValue().file().file() + ": "
                        + more.getValue().entry().name() + ": the config expects no such tensor, found "
                        + more.getValue().entry().shape());
            }
        }
    }

    /** A tied output projection is skipped only if it is a copy: programs differ in which of two they use. */
    private void checkCopy(Found head) throws IOException {
        Weight embedding = architecture.weights().get(0);
        Found original = Objects.requireNonNull(byName.get(embedding.name()));
        if (!head.file().sameBytes(head.entry(), original.file(), original.entry())) {
            throw new ModelFormatException(head.file().file() + ": "
                    + head.entry().name() + ": expected a copy of "
                    + embedding.name() + ", since the config ties them, found other numbers: set tie_word_embeddings to"
                    + " false to use them");
        }
    }

    private static void checkTensor(Weight weight, Found found) {
        String where = found.file().file() + ": " + found.entry().name();
        List<Long> shape = weight.shape().stream().map(Integer::longValue).toList();
        if (!found.entry().shape().equals(shape)) {
            throw new ModelFormatException(where + ": expected shape " + shape + " from the config, found "
                    + found.entry().shape());
        }
        if (!found.entry().dtype().real) {
            throw new ModelFormatException(where + ": expected dtype F32, F16, BF16 or F64, found "
                    + found.entry().dtype());
        }
    }

    void copy(String name, TorchProgram program, int index) {
        Found found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name + " is no weight of " + folder);
        }
        try {
            TensorPieces.send(program, "fill", found.file(), found.entry(), index);
        } catch (IOException e) {
            throw new UncheckedIOException(found.file().file() + " cannot be read", e);
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
