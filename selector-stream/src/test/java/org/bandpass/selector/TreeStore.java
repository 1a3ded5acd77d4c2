package org.bandpass.selector;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A store as a changelog would restore it. */
final class TreeStore implements KeyValueStore<byte[], byte[]> {

    private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    TreeStore copy() {
        TreeStore copy = new TreeStore();
        copy.entries.putAll(entries);
        return copy;
    }

    int size() {
        return entries.size();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        entries.put(key, value);
    }

    @Override
    public byte[] putIfAbsent(byte[] key, byte[] value) {
        return entries.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<byte[], byte[]>> pairs) {
        pairs.forEach(pair -> put(pair.key, pair.value));
    }

    @Override
    public byte[] delete(byte[] key) {
        return entries.remove(key);
    }

    @Override
    public byte[] get(byte[] key) {
        return entries.get(key);
    }

    @Override
    public KeyValueIterator<byte[], byte[]> range(byte[] from, byte[] to) {
        return iterator(entries.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<byte[], byte[]> all() {
        return iterator(entries);
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    @Override
    public String name() {
        return "tree";
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    private static KeyValueIterator<byte[], byte[]> iterator(Map<byte[], byte[]> map) {
        Iterator<Map.Entry<byte[], byte[]>> each = map.entrySet().iterator();
        return new KeyValueIterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public KeyValue<byte[], byte[]> next() {
                Map.Entry<byte[], byte[]> entry = each.next();
                return KeyValue.pair(entry.getKey(), entry.getValue());
            }

            @Override
            public byte[] peekNextKey() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {}
        };
    }
}
