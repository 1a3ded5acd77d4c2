package org.bandpass.trainer.data;

/** A daemon thread; close waits for its end, after which the resources that it used can be closed. */
public final class JoinedThread implements AutoCloseable {

    private final Thread thread;

    /** Starts the thread. */
    public JoinedThread(String name, Runnable work) {
        thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits for the thread, even if the caller is interrupted. */
    @Override
    public void close() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
