package org.bandpass.sources.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bandpass.sources.stream.BlockStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream with a time-out: that of Java's client ends at the headers. One chunk is fetched
 * ahead. The client's threads fill it, one other thread reads it.
 */
final class DownloadStream extends BlockStream implements BodySubscriber<DownloadStream> {

    /** What the client reports: buffers, or the end of the body. */
    private record Event(
            List<ByteBuffer> buffers,
            boolean last,
            @Nullable Throwable failure) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> received = new ArrayDeque<>();
    private final int timeoutMillis;
    private volatile @Nullable Subscription subscription;
    private volatile boolean closed;
    private boolean ended;

    DownloadStream(int timeoutMillis) {
        super(InputStream.nullInputStream());
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public CompletionStage<DownloadStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event(buffers, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), true, null));
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (!ended || !received.isEmpty()) {
            ByteBuffer first = received.peek();
            if (first == null) {
                receive();
            } else if (first.hasRemaining()) {
                int count = Math.min(length, first.remaining());
                first.get(bytes, offset, count);
                return count;
            } else {
                received.remove();
            }
        }
        return -1;
    }

    @Override
    public void close() {
        closed = true;
        Subscription given = subscription;
        if (given != null) {
            given.cancel();
        }
    }

    private void receive() throws IOException {
        Event event;
        try {
            event = events.poll(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading from a server");
        }
        if (event == null) {
            throw new HttpTimeoutException("the server has sent nothing for " + timeoutMillis + " ms");
        }
        if (event.failure() != null) {
            throw new IOException(event.failure().getMessage(), event.failure());
        }
        ended = event.last();
        received.addAll(event.buffers());
        Subscription given = subscription;
        if (!ended && given != null) {
            given.request(1);
        }
    }
}
