package dev.firn.storage;

import java.util.Arrays;
import java.util.Comparator;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.provider.MemoryManager;
import org.lmdbjava.BufferProxy;

/**
 * How keys and values come to native code: through memory that is used again and again. A large
 * table takes many calls, and memory of its own for each argument costs more than the call.
 *
 * <p>Of one environment that is only written to; owned by its thread. A call has two arguments at
 * most, and LMDB has copied them when it returns.
 */
final class NativeBytes extends BufferProxy<byte[]> {
  /** What is kept for an argument; for a larger one there is memory that goes with it. */
  private static final int KEPT_BYTES = 16 << 10;

  private final MemoryManager memory = Runtime.getSystemRuntime().getMemoryManager();
  private final Pointer[] kept = {
    memory.allocateDirect(KEPT_BYTES), memory.allocateDirect(KEPT_BYTES)
  };
  private int next;

  @Override
  protected Pointer in(byte[] bytes, Pointer argument) {
    Pointer copy;
    if (bytes.length > KEPT_BYTES) {
      copy = memory.allocateDirect(bytes.length);
    } else {
      copy = kept[next];
      next = 1 - next;
    }
    copy.put(0, bytes, 0, bytes.length);
    argument.putLong(STRUCT_FIELD_OFFSET_SIZE, bytes.length);
    argument.putAddress(STRUCT_FIELD_OFFSET_DATA, copy.address());
    return copy;
  }

  @Override
  protected Pointer in(byte[] bytes, int size, Pointer argument) {
    throw new UnsupportedOperationException("nothing reserves memory in the database");
  }

  @Override
  protected byte[] out(byte[] unused, Pointer argument) {
    byte[] bytes = new byte[Math.toIntExact(argument.getLong(STRUCT_FIELD_OFFSET_SIZE))];
    memory
        .newPointer(argument.getAddress(STRUCT_FIELD_OFFSET_DATA), bytes.length)
        .get(0, bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  protected byte[] allocate() {
    return new byte[0];
  }

  @Override
  protected void deallocate(byte[] bytes) {
    // The collector's.
  }

  @Override
  protected byte[] getBytes(byte[] bytes) {
    return bytes;
  }

  @Override
  protected Comparator<byte[]> getSignedComparator() {
    return Arrays::compare;
  }

  @Override
  protected Comparator<byte[]> getUnsignedComparator() {
    return Arrays::compareUnsigned;
  }
}
