package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IcePatch2.FileAccessException;
import com.zeroc.IcePatch2.FileInfo;
import com.zeroc.IcePatch2.FileServerPrx;
import com.zeroc.IcePatch2.LargeFileInfo;
import com.zeroc.IcePatch2.PartitionOutOfRangeException;
import dev.firn.model.DistributionDescriptor;
import dev.firn.wire.Exceptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Makes a directory equal to what an IcePatch2 server has, or to some directories of it. Blocks,
 * maybe for long.
 */
final class DistributionFetch {
  private static final int CHUNK_BYTES = 100 * 1024;

  /** What a message has besides the piece of a file. */
  private static final int OVERHEAD_BYTES = 512;

  private final NodeTraces traces;
  private final FileServerPrx server;
  private final String label;
  private final int chunkBytes;

  /** Servers before 3.6 know only small files. */
  private boolean large = true;

  private DistributionFetch(NodeTraces traces, FileServerPrx server, String label, int chunkBytes) {
    this.traces = traces;
    this.server = server;
    this.label = label;
    this.chunkBytes = chunkBytes;
  }

  /**
   * @param label how log lines name the directory
   * @throws DeploymentException if it failed; the next run goes on where this one ended
   */
  static void fetch(
      Communicator communicator,
      NodeTraces traces,
      DistributionDescriptor distribution,
      Path directory,
      String label)
      throws DeploymentException {
    FileServerPrx server = server(communicator, distribution.icepatch());
    // Ice has this in kilobytes; 0 is no limit.
    long limit =
        1024L
            * communicator.getProperties().getPropertyAsIntWithDefault("Ice.MessageSizeMax", 1024);
    int chunk =
        limit <= 0 ? CHUNK_BYTES : (int) Math.max(1, Math.min(CHUNK_BYTES, limit - OVERHEAD_BYTES));
    DistributionFetch fetch = new DistributionFetch(traces, server, label, chunk);
    try (DistributionTree tree = DistributionTree.open(directory)) {
      fetch.into(tree, distribution.directories());
    } catch (FileAccessException e) {
      throw new DeploymentException("the file server failed: " + e.reason, e);
    } catch (PartitionOutOfRangeException e) {
      throw new DeploymentException("the file server has other partitions than expected", e);
    } catch (IOException e) {
      throw new DeploymentException(
          "couldn't patch `" + directory + "':\n" + FileTree.reason(e), e);
    } catch (LocalException e) {
      throw new DeploymentException(
          "file server `" + distribution.icepatch() + "':\n" + Exceptions.text(e), e);
    }
  }

  private static FileServerPrx server(Communicator communicator, String text)
      throws DeploymentException {
    try {
      ObjectPrx proxy = communicator.stringToProxy(text);
      FileServerPrx server = FileServerPrx.checkedCast(proxy);
      if (server != null) {
        return server;
      }
    } catch (LocalException e) {
      throw new DeploymentException(
          "file server `" + text + "' cannot be reached:\n" + Exceptions.text(e), e);
    }
    throw new DeploymentException("proxy `" + text + "' is not a file server.");
  }

  private void into(DistributionTree tree, List<String> directories)
      throws IOException, DeploymentException, FileAccessException, PartitionOutOfRangeException {
    trace(1, "getting list of file to patch");
    DistributionPlan plan = plan(tree, directories);
    trace(1, "getting list of file to patch completed");
    if (!plan.isEmpty()) {
      trace(1, "downloading " + (plan.bytes() + 1023) / 1024 + "KB");
      for (DistributionFile file : plan.removed()) {
        tree.remove(file);
      }
      for (DistributionFile file : plan.fetched()) {
        if (file.isDirectory()) {
          tree.create(file);
        } else {
          tree.write(file, out -> content(file).transferTo(out));
          trace(3, "downloaded " + file.path());
        }
      }
      for (DistributionFile file : plan.flagged()) {
        tree.flag(file);
      }
      trace(1, "downloading completed");
    }
    tree.finish();
  }

  private DistributionPlan plan(DistributionTree tree, List<String> directories)
      throws DeploymentException, FileAccessException, PartitionOutOfRangeException {
    List<byte[]> local = DistributionChecksums.partitions(tree.files());
    if (Arrays.equals(DistributionChecksums.total(local), server.getChecksum())) {
      return new DistributionPlan(List.of(), List.of(), List.of());
    }
    byte[][] remote = server.getChecksumSeq();
    if (remote.length != DistributionChecksums.PARTITIONS) {
      throw new DeploymentException(
          "the file server has " + remote.length + " partitions instead of 256");
    }
    SortedMap<String, DistributionFile> have = new TreeMap<>(DistributionFile.ORDER);
    SortedMap<String, DistributionFile> wanted = new TreeMap<>(DistributionFile.ORDER);
    for (DistributionFile file : tree.files().values()) {
      int partition = Integer.parseInt(file.checksum(), 0, 2, 16);
      if (file.isWithin(directories) && !Arrays.equals(local.get(partition), remote[partition])) {
        have.put(file.path(), file);
      }
    }
    for (int i = 0; i < remote.length; i++) {
      if (!Arrays.equals(local.get(i), remote[i])) {
        for (DistributionFile file : files(i)) {
          if (file.isWithin(directories)) {
            wanted.put(file.path(), file);
          }
        }
      }
    }
    return DistributionPlan.of(have, wanted);
  }

  private List<DistributionFile> files(int partition)
      throws DeploymentException, FileAccessException, PartitionOutOfRangeException {
    if (large) {
      try {
        LargeFileInfo[] infos = server.getLargeFileInfoSeq(partition);
        DistributionFile[] files = new DistributionFile[infos.length];
        for (int i = 0; i < infos.length; i++) {
          LargeFileInfo info = infos[i];
          files[i] = file(info.path, info.checksum, info.size, info.executable);
        }
        return List.of(files);
      } catch (OperationNotExistException e) {
        large = false;
      }
    }
    FileInfo[] infos = server.getFileInfoSeq(partition);
    DistributionFile[] files = new DistributionFile[infos.length];
    for (int i = 0; i < infos.length; i++) {
      FileInfo info = infos[i];
      files[i] = file(info.path, info.checksum, info.size, info.executable);
    }
    return List.of(files);
  }

  private static DistributionFile file(String path, byte[] checksum, long size, boolean executable)
      throws DeploymentException {
    Optional<DistributionFile> file = DistributionFile.received(path, checksum, size, executable);
    if (file.isEmpty()) {
      throw new DeploymentException(
          "the file server has a file that cannot be in a distribution: `" + path + "'");
    }
    return file.get();
  }

  private InputStream content(DistributionFile file) throws IOException {
    if (file.size() == 0) {
      return InputStream.nullInputStream();
    }
    return new BZip2CompressorInputStream(
        new ChunkedDownload(
            (position, count) -> chunk(file.path(), position, count), file.size(), chunkBytes),
        /* decompressConcatenated= */ true);
  }

  private byte[] chunk(String path, long position, int count) throws IOException {
    try {
      return large
          ? server.getLargeFileCompressed(path, position, count)
          : server.getFileCompressed(path, Math.toIntExact(position), count);
    } catch (FileAccessException e) {
      throw new IOException("the file server failed: " + e.reason, e);
    }
  }

  private void trace(int level, String text) {
    traces.trace(NodeTraces.Category.PATCH, level, () -> label + ": " + text);
  }
}
