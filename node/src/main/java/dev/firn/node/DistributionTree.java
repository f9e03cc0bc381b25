package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.IceGrid.DeploymentException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A distribution on this machine: its files, and beside them the summary and the journal in
 * IcePatch2's format, so that one run goes on where another ended.
 *
 * <p>Servers may own the directory and have put anything there: links in it are neither followed
 * nor written through. Blocks; one thread.
 */
final class DistributionTree implements AutoCloseable {
  /** Writes the content of a file. */
  interface Content {
    void to(OutputStream out) throws IOException, DeploymentException;
  }

  private static final String SUMMARY = "IcePatch2.sum";
  private static final String JOURNAL = "IcePatch2.log";
  private static final String PART = "IcePatch2.part";
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final int BUFFER = 64 * 1024;

  private final Path root;
  private final SortedMap<String, DistributionFile> files = new TreeMap<>(DistributionFile.ORDER);
  private final BufferedWriter journal;

  private DistributionTree(Path root) throws IOException {
    this.root = root;
    if (!readSummary()) {
      compute();
      // A journal is of use only together with a summary.
      Files.deleteIfExists(root.resolve(JOURNAL));
      writeSummary();
    } else if (readJournal()) {
      writeSummary();
    }
    Files.deleteIfExists(root.resolve(JOURNAL));
    journal = writer(JOURNAL);
  }

  /** Opens a directory, which is created if it is not there; it alone may be a link. */
  static DistributionTree open(Path root) throws IOException {
    LinkedDirectories.create(root);
    LinkedDirectories.checkWritable(root);
    return new DistributionTree(root.toRealPath());
  }

  /** Whether a path is one that the distribution itself cannot have. */
  static boolean isOwnFile(String path) {
    return path.equals(SUMMARY) || path.equals(JOURNAL) || path.equals(PART);
  }

  /** What is there, by path. */
  SortedMap<String, DistributionFile> files() {
    return files;
  }

  /** Removes a file, or a directory unless something is left in it that is not of us. */
  void remove(DistributionFile file) throws IOException {
    if (!file.path().equals(DistributionFile.ROOT)) {
      try {
        Optional<Path> place = existing(file.path());
        if (place.isPresent()) {
          Files.deleteIfExists(place.get());
        }
      } catch (DirectoryNotEmptyException e) {
        // What a server has written there stays.
      }
    }
    record("-", file);
    files.remove(file.path());
  }

  /** Creates a directory. */
  void create(DistributionFile directory) throws IOException {
    Path place = made(directory.path());
    FileTree.createDirectory(place);
    added(directory);
  }

  /**
   * Writes a file: it is there as a whole or not at all.
   *
   * @throws DeploymentException if the content is not what its checksum says
   */
  void write(DistributionFile file, Content content) throws IOException, DeploymentException {
    Path part = root.resolve(PART);
    Files.deleteIfExists(part);
    MessageDigest digest = DistributionChecksums.ofFile(file.path());
    try (OutputStream out = Files.newOutputStream(part, NEW.toArray(OpenOption[]::new));
        OutputStream digesting = new java.security.DigestOutputStream(out, digest)) {
      content.to(digesting);
    }
    if (!DistributionChecksums.hex(digest).equals(file.checksum())) {
      Files.deleteIfExists(part);
      throw new DeploymentException(
          "the content of `"
              + file.path()
              + "' does not have the checksum that the file server gave: if its files have been"
              + " changed, run icepatch2calc there, restart it, and patch again");
    }
    setExecutable(part, file.executable());
    Path place = made(file.path());
    if (FileTree.isDirectory(place)) {
      clear(file, place);
    }
    Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    added(file);
  }

  private static void clear(DistributionFile file, Path directory)
      throws IOException, DeploymentException {
    try {
      Files.delete(directory);
    } catch (DirectoryNotEmptyException e) {
      throw new DeploymentException(
          "`" + file.path() + "' is to be a file, but is a directory that is not empty", e);
    }
  }

  /** Sets the executable bit as it is to be. */
  void flag(DistributionFile file) throws IOException {
    Optional<Path> place = existing(file.path());
    if (place.isPresent() && Files.isRegularFile(place.get(), LinkOption.NOFOLLOW_LINKS)) {
      setExecutable(place.get(), file.executable());
    }
    added(file);
  }

  /** All is done: the journal becomes part of the summary. */
  void finish() throws IOException {
    journal.flush();
    writeSummary();
    Files.deleteIfExists(root.resolve(JOURNAL));
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }

  private void added(DistributionFile file) throws IOException {
    record("+", file);
    files.put(file.path(), file);
  }

  private void record(String sign, DistributionFile file) throws IOException {
    journal.write(sign + file.line() + "\n");
    journal.flush();
  }

  // Places.

  /** The place of a file that may be there; empty if a part of the way is not a directory. */
  private Optional<Path> existing(String path) {
    Path place = root;
    for (String part : path.split("/")) {
      if (!FileTree.isDirectory(place)) {
        return Optional.empty();
      }
      place = place.resolve(part);
    }
    return Optional.of(place);
  }

  /** The place of a file to be; the directories on the way are made. */
  private Path made(String path) throws IOException {
    if (path.equals(DistributionFile.ROOT)) {
      return root;
    }
    Path place = root;
    for (String part : path.split("/")) {
      FileTree.createDirectory(place);
      place = place.resolve(part);
    }
    return place;
  }

  /** Whoever may read a file may run it. */
  private static void setExecutable(Path file, boolean executable) throws IOException {
    Set<PosixFilePermission> old = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : old) {
      switch (permission) {
        case OWNER_READ -> add(permissions, permission, executable, "OWNER_EXECUTE");
        case GROUP_READ -> add(permissions, permission, executable, "GROUP_EXECUTE");
        case OTHERS_READ -> add(permissions, permission, executable, "OTHERS_EXECUTE");
        case OWNER_WRITE, GROUP_WRITE, OTHERS_WRITE -> permissions.add(permission);
        case OWNER_EXECUTE, GROUP_EXECUTE, OTHERS_EXECUTE -> {
          // as those who read
        }
      }
    }
    if (!permissions.equals(old)) {
      Files.setPosixFilePermissions(file, permissions);
    }
  }

  private static void add(
      Set<PosixFilePermission> permissions,
      PosixFilePermission read,
      boolean executable,
      String execute) {
    permissions.add(read);
    if (executable) {
      permissions.add(PosixFilePermission.valueOf(execute));
    }
  }

  // Summary and journal.

  /** Whether there was a summary that can be read. */
  private boolean readSummary() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(plain(SUMMARY), UTF_8);
    } catch (NoSuchFileException e) {
      return false;
    }
    for (String line : lines) {
      Optional<DistributionFile> file = DistributionFile.parse(line);
      if (file.isEmpty()) {
        files.clear();
        return false;
      }
      files.put(file.get().path(), file.get());
    }
    return true;
  }

  /** Whether an earlier run has left a journal; its last line may be incomplete. */
  private boolean readJournal() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(plain(JOURNAL), UTF_8);
    } catch (NoSuchFileException e) {
      return false;
    }
    for (String line : lines) {
      Optional<DistributionFile> file =
          line.isEmpty() ? Optional.empty() : DistributionFile.parse(line.substring(1));
      if (file.isPresent()) {
        if (line.charAt(0) == '+') {
          files.put(file.get().path(), file.get());
        } else {
          files.remove(file.get().path());
        }
      }
    }
    return true;
  }

  private Path plain(String name) throws IOException {
    Path file = root.resolve(name);
    if (Files.isSymbolicLink(file)) {
      Files.delete(file);
    }
    return file;
  }

  private void writeSummary() throws IOException {
    try (BufferedWriter out = writer(PART)) {
      for (DistributionFile file : files.values()) {
        out.write(file.line() + "\n");
      }
    }
    Files.move(
        root.resolve(PART),
        root.resolve(SUMMARY),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private BufferedWriter writer(String name) throws IOException {
    Path file = root.resolve(name);
    Files.deleteIfExists(file);
    return Files.newBufferedWriter(file, UTF_8, NEW.toArray(OpenOption[]::new));
  }

  /** What there is, from the files themselves. */
  private void compute() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String path = directory.equals(root) ? DistributionFile.ROOT : relative(directory);
            files.put(path, DistributionFile.directory(path));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String path = relative(file);
            if (!isOwnFile(path)) {
              files.put(
                  path,
                  new DistributionFile(
                      path,
                      attributes.isRegularFile() ? checksum(path, file) : unknown(path),
                      attributes.size(),
                      Files.isExecutable(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Of a link, or what else a distribution cannot have: no content has it. */
  private static String unknown(String path) {
    return DistributionChecksums.hex(DistributionChecksums.ofFile("\0" + path));
  }

  private String relative(Path file) {
    return root.relativize(file).toString();
  }

  private static String checksum(String path, Path file) throws IOException {
    MessageDigest digest = DistributionChecksums.ofFile(path);
    byte[] buffer = new byte[BUFFER];
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), digest)) {
      while (in.read(buffer) >= 0) {
        // the digest reads along
      }
    }
    return DistributionChecksums.hex(digest);
  }
}
