package org.bandpass.eval.profile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Hashes of a file in hexadecimal digits.
 *
 * @param gitBlob SHA-1 that git gives its bytes
 */
record FileHashes(String gitBlob, String sha256) {

    static final String GIT = "git:";
    static final String SHA256 = "sha256:";

    private static final int BUFFER = 1 << 16;

    static FileHashes of(Path path) throws IOException {
        MessageDigest git = digest("SHA-1");
        MessageDigest sha256 = digest("SHA-256");
        git.update(("blob " + Files.size(path) + "\0").getBytes(StandardCharsets.US_ASCII));
        try (InputStream in = Files.newInputStream(path)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                git.update(buffer, 0, read);
                sha256.update(buffer, 0, read);
            }
        }
        HexFormat hex = HexFormat.of();
        return new FileHashes(hex.formatHex(git.digest()), hex.formatHex(sha256.digest()));
    }

    boolean match(String hash) {
        return hash.equals(GIT + gitBlob) || hash.equals(SHA256 + sha256);
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + name, e);
        }
    }
}
