package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.IcePatch2.FileAccessException;
import com.zeroc.IcePatch2.FileInfo;
import com.zeroc.IcePatch2.FileServer;
import com.zeroc.IcePatch2.LargeFileInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** Serves a tree in memory. Not for concurrent changes. */
final class TestFileServer implements FileServer {
  final SortedMap<String, DistributionFile> files = new TreeMap<>(DistributionFile.ORDER);
  final SortedMap<String, byte[]> compressed = new TreeMap<>();
  final AtomicInteger chunks = new AtomicInteger();

  /** After so many pieces it fails. */
  int chunksMax = Integer.MAX_VALUE;

  boolean old;

  TestFileServer() {
    directory(DistributionFile.ROOT);
  }

  TestFileServer directory(String path) {
    files.put(path, DistributionFile.directory(path));
    return this;
  }

  TestFileServer file(String path, String content, boolean executable) {
    byte[] bytes = content.getBytes(UTF_8);
    byte[] packed = bytes.length == 0 ? bytes : bzip2(bytes);
    MessageDigest digest = DistributionChecksums.ofFile(path);
    digest.update(bytes);
    compressed.put(path, packed);
    String checksum = DistributionChecksums.hex(digest);
    files.put(path, new DistributionFile(path, checksum, packed.length, executable));
    return this;
  }

  DistributionFile info(String path) {
    return Objects.requireNonNull(files.get(path));
  }

  byte[] content(String path) {
    return Objects.requireNonNull(compressed.get(path));
  }

  void remove(String path) {
    files.remove(path);
  }

  private static byte[] bzip2(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BZip2CompressorOutputStream packer = new BZip2CompressorOutputStream(out)) {
      packer.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private List<DistributionFile> partition(int number) {
    return files.values().stream()
        .filter(file -> Integer.parseInt(file.checksum(), 0, 2, 16) == number)
        .toList();
  }

  private static byte[] checksum(DistributionFile file) {
    return HexFormat.of().parseHex(file.checksum());
  }

  @Override
  public FileInfo[] getFileInfoSeq(int partition, Current current) {
    return partition(partition).stream()
        .map(f -> new FileInfo(f.path(), checksum(f), (int) f.size(), f.executable()))
        .toArray(FileInfo[]::new);
  }

  @Override
  public LargeFileInfo[] getLargeFileInfoSeq(int partition, Current current) {
    if (old) {
      throw new OperationNotExistException();
    }
    return partition(partition).stream()
        .map(f -> new LargeFileInfo(f.path(), checksum(f), f.size(), f.executable()))
        .toArray(LargeFileInfo[]::new);
  }

  @Override
  public byte[][] getChecksumSeq(Current current) {
    return DistributionChecksums.partitions(files).toArray(byte[][]::new);
  }

  @Override
  public byte[] getChecksum(Current current) {
    return DistributionChecksums.total(DistributionChecksums.partitions(files));
  }

  @Override
  public byte[] getFileCompressed(String path, int position, int count, Current current)
      throws FileAccessException {
    return chunk(path, position, count);
  }

  @Override
  public byte[] getLargeFileCompressed(String path, long position, int count, Current current)
      throws FileAccessException {
    if (old) {
      throw new OperationNotExistException();
    }
    return chunk(path, position, count);
  }

  private byte[] chunk(String path, long position, int count) throws FileAccessException {
    if (chunks.incrementAndGet() > chunksMax) {
      throw new FileAccessException("out of order");
    }
    byte[] file = content(path);
    int end = (int) Math.min(file.length, position + count);
    return Arrays.copyOfRange(file, (int) position, end);
  }
}
