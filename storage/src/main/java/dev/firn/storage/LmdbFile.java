package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the last committed state of an LMDB data file (format 1, of LMDB 0.9) in plain Java.
 *
 * <p>LMDB maps the file and trusts it: a truncated or damaged one kills the process with a bus
 * error or makes LMDB overwrite live pages. So the file is read here, with every page, offset and
 * length checked, before LMDB may open it. That also loads a big table without a native call per
 * row, and without loading native code at all.
 *
 * <p>For one pass by one thread over a file nobody writes to: each tree may be walked once, because
 * a page met twice is an error.
 */
final class LmdbFile implements Closeable {
  static final int PAGE_HEADER_BYTES = 16;
  static final int TREE_RECORD_BYTES = 48;

  private static final int PAGE_OVERFLOW = 0x04;
  private static final int PAGE_META = 0x08;

  /** The others are LMDB's notes about pages in memory. */
  private static final int PAGE_TYPES = 0x6f;

  private static final int MAGIC = 0xBEEFC0DE;
  private static final int DATA_VERSION = 1;
  private static final int META_BYTES = PAGE_HEADER_BYTES + 24 + 2 * TREE_RECORD_BYTES + 16;
  private static final int PAGE_BYTES_MIN = 256;
  private static final int PAGE_BYTES_MAX = 65536;
  private static final int FREE_TREE_OFFSET = PAGE_HEADER_BYTES + 24;
  private static final int MAIN_TREE_OFFSET = FREE_TREE_OFFSET + TREE_RECORD_BYTES;
  private static final int LAST_PAGE_OFFSET = MAIN_TREE_OFFSET + TREE_RECORD_BYTES;

  private final FileChannel channel;
  private final int pageBytes;
  private final ByteBuffer meta;
  private final long lastPage;
  private final BitSet usedPages = new BitSet();

  private LmdbFile(FileChannel channel, int pageBytes, ByteBuffer meta) throws IOException {
    this.channel = channel;
    this.pageBytes = pageBytes;
    this.meta = meta;
    this.lastPage = meta.getLong(LAST_PAGE_OFFSET);
    if (lastPage < 1 || lastPage > Integer.MAX_VALUE) {
      throw new CorruptDatabaseException("the last page has the number " + lastPage);
    }
  }

  static LmdbFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      ByteBuffer first = readMeta(channel, 0);
      int pageBytes = first.getInt(FREE_TREE_OFFSET);
      if (Integer.bitCount(pageBytes) != 1
          || pageBytes < PAGE_BYTES_MIN
          || pageBytes > PAGE_BYTES_MAX) {
        throw new CorruptDatabaseException("the page size is " + pageBytes);
      }
      ByteBuffer second = readMeta(channel, pageBytes);
      boolean secondIsNewer = transaction(second) > transaction(first);
      return new LmdbFile(channel, pageBytes, secondIsNewer ? second : first);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static ByteBuffer readMeta(FileChannel channel, long offset) throws IOException {
    ByteBuffer meta = read(channel, offset, META_BYTES);
    int magic = meta.getInt(PAGE_HEADER_BYTES);
    if (magic != MAGIC || (meta.getShort(10) & PAGE_META) == 0) {
      throw new CorruptDatabaseException("it is no LMDB file: no meta page at " + offset);
    }
    int version = meta.getInt(PAGE_HEADER_BYTES + 4);
    if (version != DATA_VERSION) {
      throw new CorruptDatabaseException(
          "it has LMDB's data format " + version + ", not " + DATA_VERSION);
    }
    return meta;
  }

  private static long transaction(ByteBuffer meta) {
    return meta.getLong(LAST_PAGE_OFFSET + 8);
  }

  private static ByteBuffer read(FileChannel channel, long offset, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new CorruptDatabaseException(
            "it is truncated: " + channel.size() + " bytes, but " + (offset + count) + " expected");
      }
    }
    return buffer.flip();
  }

  /** The named databases. */
  Map<String, LmdbTree> databases() throws IOException {
    Map<String, LmdbTree> databases = new TreeMap<>();
    LmdbTree.at(this, meta, MAIN_TREE_OFFSET)
        .forEachDatabase((name, tree) -> databases.put(new String(name, UTF_8), tree));
    return databases;
  }

  /**
   * Checks that no page on the free list is in use; to be called when all trees were walked. LMDB
   * would overwrite such a page.
   */
  void checkFreePages() throws IOException {
    BitSet inUse = (BitSet) usedPages.clone();
    LmdbTree.at(this, meta, FREE_TREE_OFFSET)
        .forEach(
            (key, value) -> {
              ByteBuffer list = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
              long count = value.length < 8 ? -1 : list.getLong();
              if (count < 0 || count > list.remaining() / 8) {
                throw new CorruptDatabaseException("a free list of " + count + " pages");
              }
              for (long i = 0; i < count; i++) {
                long page = list.getLong();
                if (page < 2 || page > lastPage || inUse.get((int) page)) {
                  throw new CorruptDatabaseException("page " + page + " is in use and free");
                }
              }
            });
  }

  /** The page of this number, which has one of the types in {@code types}. */
  ByteBuffer page(long number, int types) throws IOException {
    use(number, 1);
    ByteBuffer page = read(channel, number * pageBytes, pageBytes);
    int flags = page.getShort(10) & PAGE_TYPES;
    if (page.getLong(0) != number || Integer.bitCount(flags) != 1 || (flags & types) == 0) {
      throw new CorruptDatabaseException("page " + number + " is not what its parent expects");
    }
    return page;
  }

  /** The {@code count} bytes of a value too big for a page. */
  byte[] overflow(long number, int count) throws IOException {
    long pages = ((long) PAGE_HEADER_BYTES + count + pageBytes - 1) / pageBytes;
    use(number, pages);
    long offset = number * pageBytes;
    ByteBuffer header = read(channel, offset, PAGE_HEADER_BYTES);
    int flags = header.getShort(10) & PAGE_TYPES;
    if (header.getLong(0) != number || flags != PAGE_OVERFLOW || header.getInt(12) != pages) {
      throw new CorruptDatabaseException("page " + number + " is no overflow page of " + pages);
    }
    if (offset + PAGE_HEADER_BYTES + count > channel.size()) {
      throw new CorruptDatabaseException("it is truncated in overflow page " + number);
    }
    return read(channel, offset + PAGE_HEADER_BYTES, count).array();
  }

  private void use(long number, long count) throws IOException {
    if (number < 2 || number + count - 1 > lastPage) {
      throw new CorruptDatabaseException(
          "page " + number + " of " + lastPage + " is out of bounds (" + count + " pages)");
    }
    int first = (int) number;
    int end = (int) (number + count);
    int taken = usedPages.nextSetBit(first);
    if (taken >= 0 && taken < end) {
      throw new CorruptDatabaseException("page " + taken + " is used twice");
    }
    usedPages.set(first, end);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
