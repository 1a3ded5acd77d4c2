package org.bandpass.trainer.data;

/** A daemon thread that is gone once this is closed, so that what it used can be closed as well. */
public final class JoinedThread implements AutoCloseable {

    private final Thread thread;

    /** Starts the thread. */
    public JoinedThread(String name, Runnable work) {
        thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Interrupts what the thread waits for. */
    void interrupt() {
        thread.interrupt();
    }

    /** Waits for the thread, also where the caller is interrupted. */
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
