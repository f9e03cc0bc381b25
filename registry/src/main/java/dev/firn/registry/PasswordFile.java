package dev.firn.registry;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.PluginInitializationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Users and their hashed passwords, read once from a file. Immutable. */
final class PasswordFile {
  private final Map<String, PasswordHash> hashes;

  /** Compared for unknown users, so that the time taken does not tell who is known. */
  private final PasswordHash decoy;

  private PasswordFile(Map<String, PasswordHash> hashes) {
    this.hashes = hashes;
    decoy = hashes.values().stream().findFirst().orElse(password -> false);
  }

  /**
   * Reads lines of a user and a hash, separated by white space; the first line of a user counts. A
   * hash that cannot be computed here never matches; the log says so once for each.
   *
   * @throws PluginInitializationException if the file cannot be read or a line has another form
   */
  static PasswordFile load(Path path, Logger logger) {
    List<String> lines;
    try {
      // Byte by byte: a user name in whatever encoding must not make the file unreadable.
      lines = new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException ex) {
      throw new PluginInitializationException(
          "cannot open `" + path + "' for reading: " + reason(ex), ex);
    }
    Map<String, PasswordHash> hashes = new HashMap<>();
    boolean weak = false;
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index).strip();
      if (line.isEmpty()) {
        continue;
      }
      String[] fields = line.split("\\s+");
      if (fields.length != 2) {
        throw new PluginInitializationException(
            "malformed entry in password file `" + path + "' at line " + (index + 1));
      }
      PasswordHash hash = PasswordHash.parse(fields[1]).orElse(null);
      if (hash == null) {
        logger.warning(
            "the password file `"
                + path
                + "' contains a hash that is not supported, user `"
                + fields[0]
                + "' cannot log in; use SHA-512-crypt, bcrypt or PBKDF2");
        hash = password -> false;
      }
      weak |= hash.weak();
      hashes.putIfAbsent(fields[0], hash);
    }
    if (weak) {
      logger.warning(
          "the password file `"
              + path
              + "' contains one or more DES-style passwords;"
              + " DES is a weak algorithm and should not be used in production");
    }
    return new PasswordFile(hashes);
  }

  /** False for an unknown user and for a wrong password. Takes as long as the hash was made to. */
  boolean matches(Verifier.Password credentials) {
    PasswordHash hash = hashes.get(credentials.userId());
    if (hash == null) {
      boolean unused = decoy.matches(credentials.password());
      return false;
    }
    return hash.matches(credentials.password());
  }

  private static String reason(IOException failure) {
    return failure instanceof java.nio.file.NoSuchFileException
        ? "No such file or directory"
        : failure instanceof java.nio.file.AccessDeniedException
            ? "Permission denied"
            : String.valueOf(failure.getMessage());
  }
}
