package dev.firn.server;

/** Performs what {@link Allocations} wants; each method belongs to the output of its name. */
public interface AllocationHost {
  void answer(long request, AllocationOutcome outcome);

  void serverAllocated(long session, String server, long assignment, boolean load);

  void serverReleased(long session, String server, long assignment, boolean unload);

  void objectAllocated(long session, long request, AllocatableObject object);

  void objectReleased(long session, AllocatableObject object);

  void duplicateObject(AllocatableObject object);
}
