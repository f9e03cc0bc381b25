package dev.firn.server;

/** What {@link Allocations} wants done. Performed in list order. */
public sealed interface AllocationOutput {
  void perform(AllocationHost host);

  /** Answers an allocation or a release; each request is answered once. */
  record Answer(long request, AllocationOutcome outcome) implements AllocationOutput {
    @Override
    public void perform(AllocationHost host) {
      host.answer(request, outcome);
    }
  }

  /**
   * A session has a server for itself from now on.
   *
   * @param assignment numbers allocations of servers
   * @param load whether {@link Allocations#loaded} is awaited: until then nobody is told
   */
  record ServerAllocated(long session, String server, long assignment, boolean load)
      implements AllocationOutput {
    @Override
    public void perform(AllocationHost host) {
      host.serverAllocated(session, server, assignment, load);
    }
  }

  /**
   * A session has a server no more.
   *
   * @param assignment as when it was allocated
   * @param unload whether {@link Allocations#unloaded} is awaited: until then nobody else gets it
   */
  record ServerReleased(long session, String server, long assignment, boolean unload)
      implements AllocationOutput {
    @Override
    public void perform(AllocationHost host) {
      host.serverReleased(session, server, assignment, unload);
    }
  }

  /**
   * A session has an object from now on; the request is answered now, or once its server is loaded.
   */
  record ObjectAllocated(long session, long request, AllocatableObject object)
      implements AllocationOutput {
    @Override
    public void perform(AllocationHost host) {
      host.objectAllocated(session, request, object);
    }
  }

  /**
   * A session has an object no more: released, or its session ended, or it is not deployed any
   * more.
   */
  record ObjectReleased(long session, AllocatableObject object) implements AllocationOutput {
    @Override
    public void perform(AllocationHost host) {
      host.objectReleased(session, object);
    }
  }

  /** An identity is deployed twice; this object is left out. */
  record DuplicateObject(AllocatableObject object) implements AllocationOutput {
    @Override
    public void perform(AllocationHost host) {
      host.duplicateObject(object);
    }
  }
}
