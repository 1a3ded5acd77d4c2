package org.bandpass.trainer.data;

import java.util.List;

/** Documents in seeded order, epoch after epoch without an end. One thread at a time. */
public final class DocumentStream {

    private final SeededOrder order;
    private final ReadWindow reader;
    private final long perEpoch;
    private final int[] trained;
    private long epoch;
    private long document;
    private List<ShuffleWindow> windows = List.of();
    private int next;
    private ShuffleWindow window = new ShuffleWindow(List.of(), 0, 0);
    private int[] slots = {};
    private int[] partitions = {};
    private TrainingDocument[] documents = {};

    public DocumentStream(SeededOrder order, ReadWindow reader, long epoch, long document) {
        this.order = order;
        this.reader = reader;
        this.perEpoch = reader.data().documents();
        this.trained = new int[reader.data().partitions().size()];
        this.epoch = epoch;
        seek(document);
    }

    long epoch() {
        return epoch;
    }

    /** Returns the place of the current document in its epoch. */
    long document() {
        return document;
    }

    /** Returns how many documents of each partition come before the current one in the first epoch. */
    public int[] trained() {
        return trained.clone();
    }

    TrainingDocument current() {
        if (documents.length == 0) {
            documents = reader.read(window);
        }
        return documents[slots[place()]];
    }

    void advance() {
        pass();
        if (document == perEpoch) {
            epoch++;
            seek(0);
        } else if (place() == slots.length) {
            open();
        }
    }

    private void pass() {
        if (epoch == 0) {
            trained[partitions[slots[place()]]]++;
        }
        document++;
    }

    private int place() {
        return (int) (document - window.firstDocument());
    }

    private void seek(long wanted) {
        windows = order.windows(epoch);
        next = 0;
        document = 0;
        open();
        while (document < wanted) {
            pass();
            if (place() == slots.length && document < perEpoch) {
                open();
            }
        }
        if (epoch > 0) {
            reader.data().partitions().forEach(p -> trained[p.partition().partition()] = p.count());
        }
    }

    private void open() {
        window = windows.get(next++);
        slots = window.order();
        partitions = window.partitions();
        documents = new TrainingDocument[0];
    }
}
