package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;

/** The checksums by which IcePatch2 compares trees. Pure. */
final class DistributionChecksums {
  /** Files are grouped by the first byte of their checksums. */
  static final int PARTITIONS = 256;

  private static final byte[] EMPTY = new byte[20];

  private DistributionChecksums() {}

  /** A digest to be fed with the path of a file, already, and then with its content. */
  static MessageDigest ofFile(String path) {
    MessageDigest digest = sha1();
    digest.update(path.getBytes(UTF_8));
    return digest;
  }

  static String ofDirectory(String path) {
    return hex(ofFile(path));
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * One checksum for each partition.
   *
   * @param files in the order of their paths
   */
  static List<byte[]> partitions(SortedMap<String, DistributionFile> files) {
    List<MessageDigest> digests = new ArrayList<>();
    boolean[] used = new boolean[PARTITIONS];
    for (int i = 0; i < PARTITIONS; i++) {
      digests.add(sha1());
    }
    for (DistributionFile file : files.values()) {
      byte[] checksum = HexFormat.of().parseHex(file.checksum());
      int partition = Byte.toUnsignedInt(checksum[0]);
      used[partition] = true;
      digests.get(partition).update(checksum);
      digests.get(partition).update((byte) (file.executable() ? 1 : 0));
    }
    List<byte[]> sums = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      sums.add(used[i] ? digests.get(i).digest() : EMPTY);
    }
    return sums;
  }

  /** The checksum of all partitions. */
  static byte[] total(List<byte[]> partitions) {
    MessageDigest digest = sha1();
    partitions.forEach(digest::update);
    return digest.digest();
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
