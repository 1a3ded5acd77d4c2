package org.bandpass.languagemodel.tokenizer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of {@link EncoderMain}. One thread at a time. */
final class EncoderProcess implements AutoCloseable {
    private static final List<String> PASSED_ON = List.of("ai.djl.", "DJL_", "ENGINE_", "OPT_OUT_");

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;

    private EncoderProcess(Process process) {
        this.process = process;
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /**
     * Starts a process.
     *
     * @throws TokenizerFailedException if the library cannot parse the JSON
     * @throws UncheckedIOException if no process can be started
     */
    static EncoderProcess start(byte[] json) {
        try {
            EncoderProcess started = new EncoderProcess(builder().start());
            try {
                EncoderMessages.writeBytes(started.out, json);
                EncoderMessages.readResult(started.in);
                return started;
            } catch (IOException | RuntimeException e) {
                started.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the process that tokenises cannot be started", e);
        }
    }

    private static ProcessBuilder builder() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A panic ends the process, and needs no files of a crash.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-CreateCoredumpOnCrash", "-XX:+SuppressFatalErrorMessage"));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> PASSED_ON.stream().anyMatch(name::startsWith))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.add(EncoderMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
        // They may name a port or a file that this process uses.
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    /**
     * Encodes a text.
     *
     * @throws TokenizerFailedException if the tokenizer fails on the text; the process is alive
     * @throws IOException if the process has ended
     */
    EncodedText encode(String text) throws IOException {
        EncoderMessages.writeText(out, text);
        return EncoderMessages.readResult(in);
    }

    /** Waits for the end of the process, or kills it when interrupted, and returns its exit code. */
    int end() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return process.onExit().join().exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
