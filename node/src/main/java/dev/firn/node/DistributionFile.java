package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.ToStringMode;
import com.zeroc.IceUtilInternal.StringUtil;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file or directory of an IcePatch2 distribution.
 *
 * @param path relative, with slashes; {@code .} for the root
 * @param checksum SHA-1 in lower-case hex: of a directory's path, of a file's path and content
 * @param size of the compressed file, in bytes; 0 if it is empty, -1 for a directory
 */
record DistributionFile(String path, String checksum, long size, boolean executable) {
  static final String ROOT = ".";

  /** The order in which checksums are made: that of the bytes of paths. */
  static final Comparator<String> ORDER =
      (one, two) -> Arrays.compareUnsigned(one.getBytes(UTF_8), two.getBytes(UTF_8));

  private static final long DIRECTORY = -1;
  private static final int FIELDS = 4;
  private static final int CHECKSUM_BYTES = 20;
  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{40}");
  private static final String SEPARATOR = "\t";

  static DistributionFile directory(String path) {
    return new DistributionFile(
        path, DistributionChecksums.ofDirectory(path), DIRECTORY, /* executable= */ false);
  }

  boolean isDirectory() {
    return size < 0;
  }

  /** Whether there is the same at the same place, but for the executable bit. */
  boolean hasContentOf(DistributionFile other) {
    return path.equals(other.path)
        && checksum.equals(other.checksum)
        && isDirectory() == other.isDirectory();
  }

  /** Whether this is one of these paths, or below one; everything is if there are none. */
  boolean isWithin(List<String> directories) {
    return directories.isEmpty()
        || directories.stream()
            .anyMatch(
                directory ->
                    directory.equals(ROOT)
                        || path.equals(directory)
                        || path.startsWith(directory + "/"));
  }

  /** As a server tells of a file; empty if the path leads out of the distribution. */
  static Optional<DistributionFile> received(
      String path, byte[] checksum, long size, boolean executable) {
    return isSafe(path) && checksum.length == CHECKSUM_BYTES
        ? Optional.of(
            new DistributionFile(path, HexFormat.of().formatHex(checksum), size, executable))
        : Optional.empty();
  }

  private static boolean isSafe(String path) {
    if (path.equals(ROOT)) {
      return true;
    }
    for (String part : path.split("/", -1)) {
      if (!PathText.isFileName(part)) {
        return false;
      }
    }
    return !DistributionTree.isOwnFile(path);
  }

  /** A line of a summary. */
  String line() {
    return String.join(
        SEPARATOR,
        StringUtil.escapeString(path, "", ToStringMode.Compat),
        checksum,
        Long.toString(size),
        executable ? "1" : "0");
  }

  /** Reads a line of a summary; empty if it is none. */
  static Optional<DistributionFile> parse(String line) {
    String[] fields = line.split(SEPARATOR, -1);
    if (fields.length != FIELDS || !CHECKSUM.matcher(fields[1]).matches()) {
      return Optional.empty();
    }
    try {
      String path = StringUtil.unescapeString(fields[0], 0, fields[0].length(), "");
      return isSafe(path)
          ? Optional.of(
              new DistributionFile(
                  path, fields[1], Long.parseLong(fields[2]), fields[3].equals("1")))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
