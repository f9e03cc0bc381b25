package dev.firn.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One B+ tree of an {@link LmdbFile}: a named database, or the values of one duplicate key. */
final class LmdbTree {
  /** Gets each entry in key order; with duplicates, one call per value. */
  interface EntryVisitor {
    void accept(byte[] key, byte[] value) throws IOException;
  }

  /** Gets each named database. */
  interface DatabaseVisitor {
    void accept(byte[] name, LmdbTree tree) throws IOException;
  }

  static final int DUPLICATES = 0x04;

  private static final int PAGE_BRANCH = 0x01;
  private static final int PAGE_LEAF = 0x02;
  private static final int PAGE_SUB = 0x40;
  private static final int NODE_BIG = 0x01;
  private static final int NODE_TREE = 0x02;
  private static final int NODE_DUPLICATES = 0x04;
  private static final int NODE_HEADER_BYTES = 8;
  private static final int DEPTH_MAX = 32;
  private static final long NO_ROOT = -1;

  private final LmdbFile file;
  private final int flags;
  private final int depth;
  private final long entries;
  private final long root;

  private LmdbTree(LmdbFile file, int flags, int depth, long entries, long root) {
    this.file = file;
    this.flags = flags;
    this.depth = depth;
    this.entries = entries;
    this.root = root;
  }

  /** The tree whose record is at {@code offset}. */
  static LmdbTree at(LmdbFile file, ByteBuffer buffer, int offset) throws IOException {
    int depth = buffer.getShort(offset + 6);
    long root = buffer.getLong(offset + 40);
    if (depth < 0 || depth > DEPTH_MAX || (root == NO_ROOT) != (depth == 0)) {
      throw new CorruptDatabaseException("a tree of depth " + depth + " has the root " + root);
    }
    long entries = buffer.getLong(offset + 32);
    return new LmdbTree(file, buffer.getShort(offset + 4) & 0xffff, depth, entries, root);
  }

  int flags() {
    return flags;
  }

  long entries() {
    return entries;
  }

  void forEach(EntryVisitor visitor) throws IOException {
    var walk = new Walk(visitor, null);
    if (root != NO_ROOT) {
      walk.page(root, depth);
    }
    walk.finish();
  }

  void forEachDatabase(DatabaseVisitor visitor) throws IOException {
    EntryVisitor plain =
        (key, value) -> {
          throw new CorruptDatabaseException("it holds plain entries beside its tables");
        };
    var walk = new Walk(plain, visitor);
    if (root != NO_ROOT) {
      walk.page(root, depth);
    }
    walk.finish();
  }

  /** One pass over the tree. */
  private final class Walk {
    private final EntryVisitor entryVisitor;
    private final @Nullable DatabaseVisitor databaseVisitor;
    private long seen;

    Walk(EntryVisitor entryVisitor, @Nullable DatabaseVisitor databaseVisitor) {
      this.entryVisitor = entryVisitor;
      this.databaseVisitor = databaseVisitor;
    }

    void finish() throws IOException {
      if (seen != entries) {
        throw new CorruptDatabaseException("a tree of " + entries + " entries has " + seen);
      }
    }

    void page(long number, int height) throws IOException {
      ByteBuffer page = file.page(number, height > 1 ? PAGE_BRANCH : PAGE_LEAF);
      int count = nodeCount(page, 0, page.capacity());
      for (int i = 0; i < count; i++) {
        int node = node(page, 0, i, page.capacity());
        if (height > 1) {
          page(child(page, node), height - 1);
        } else {
          leaf(page, node, page.capacity());
        }
      }
    }

    private void leaf(ByteBuffer page, int node, int end) throws IOException {
      int nodeFlags = page.getShort(node + 4);
      long size = size(page, node);
      int start = node + NODE_HEADER_BYTES + keySize(page, node);
      byte[] key = bytes(page, node + NODE_HEADER_BYTES, keySize(page, node));
      if (nodeFlags == NODE_BIG) {
        require(size <= Integer.MAX_VALUE - LmdbFile.PAGE_HEADER_BYTES && start + 8 <= end, "big");
        seen++;
        entryVisitor.accept(key, file.overflow(page.getLong(start), (int) size));
        return;
      }
      require(size <= end - start, "a value of " + size + " bytes");
      if (nodeFlags == 0) {
        seen++;
        entryVisitor.accept(key, bytes(page, start, (int) size));
      } else if (nodeFlags == NODE_DUPLICATES) {
        duplicates(key, page, start, start + (int) size);
      } else if (size != LmdbFile.TREE_RECORD_BYTES) {
        throw new CorruptDatabaseException("a tree record of " + size + " bytes");
      } else if (nodeFlags == (NODE_DUPLICATES | NODE_TREE)) {
        LmdbTree values = at(file, page, start);
        seen += values.entries;
        values.forEach((value, unused) -> entryVisitor.accept(key, value));
      } else if (nodeFlags == NODE_TREE && databaseVisitor != null) {
        seen++;
        databaseVisitor.accept(key, at(file, page, start));
      } else {
        throw new CorruptDatabaseException("an entry with the flags " + nodeFlags);
      }
    }

    /** A few values of one key lie in a page within the entry. */
    private void duplicates(byte[] key, ByteBuffer page, int start, int end) throws IOException {
      require(end - start >= LmdbFile.PAGE_HEADER_BYTES, "a sub-page");
      require((page.getShort(start + 10) & PAGE_SUB) != 0, "a sub-page's flags");
      int count = nodeCount(page, start, end);
      for (int i = 0; i < count; i++) {
        int node = node(page, start, i, end);
        seen++;
        entryVisitor.accept(key, bytes(page, node + NODE_HEADER_BYTES, keySize(page, node)));
      }
    }
  }

  private static int nodeCount(ByteBuffer page, int start, int end) throws IOException {
    int lower = page.getShort(start + 12) & 0xffff;
    int upper = page.getShort(start + 14) & 0xffff;
    require(
        lower >= LmdbFile.PAGE_HEADER_BYTES && lower <= upper && start + upper <= end, "its space");
    return (lower - LmdbFile.PAGE_HEADER_BYTES) / 2;
  }

  /** The offset of a node, whose header and key lie within the page. */
  private static int node(ByteBuffer page, int start, int index, int end) throws IOException {
    int pointer = start + LmdbFile.PAGE_HEADER_BYTES + 2 * index;
    int node = start + (page.getShort(pointer) & 0xffff);
    require(node > pointer && node + NODE_HEADER_BYTES <= end, "a node");
    require(node + NODE_HEADER_BYTES + keySize(page, node) <= end, "a key");
    return node;
  }

  private static int keySize(ByteBuffer page, int node) {
    return page.getShort(node + 6) & 0xffff;
  }

  private static long size(ByteBuffer page, int node) {
    return (page.getShort(node) & 0xffffL) | (page.getShort(node + 2) & 0xffffL) << 16;
  }

  private static long child(ByteBuffer page, int node) {
    return size(page, node) | (page.getShort(node + 4) & 0xffffL) << 32;
  }

  private static byte[] bytes(ByteBuffer page, int offset, int count) {
    byte[] bytes = new byte[count];
    page.get(offset, bytes);
    return bytes;
  }

  private static void require(boolean holds, String what) throws IOException {
    if (!holds) {
      throw new CorruptDatabaseException("a page does not hold " + what);
    }
  }
}
