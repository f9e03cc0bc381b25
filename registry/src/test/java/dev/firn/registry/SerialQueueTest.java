package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Util;
import dev.firn.model.ObjectId;
import dev.firn.server.AllocatableObject;
import dev.firn.server.AllocatableServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many threads at one queue, and at what runs on one. */
class SerialQueueTest {
  private static final int THREADS = 8;

  /** Something that only one thread may be in at a time. */
  private static final class Room {
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicInteger clashes = new AtomicInteger();
    private final AtomicInteger visits = new AtomicInteger();

    void visit() {
      if (!taken.compareAndSet(false, true)) {
        clashes.incrementAndGet();
      }
      Thread.onSpinWait();
      visits.incrementAndGet();
      taken.set(false);
    }
  }

  private static void onManyThreads(Runnable task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(task));
      }
      for (Future<?> each : running) {
        each.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void tasksOfManyThreadsRunOneAtATimeAndAllOfThem() throws Exception {
    Room room = new Room();
    List<RuntimeException> bugs = new ArrayList<>();
    SerialQueue queue = new SerialQueue(bugs::add);
    onManyThreads(
        () -> {
          for (int i = 0; i < 2_000; i++) {
            queue.execute(room::visit);
          }
        });
    Eventually.await("all have run", () -> room.visits.get() == THREADS * 2_000);
    assertThat(room.clashes).hasValue(0);
    assertThat(bugs).isEmpty();
  }

  @Test
  void whatThrowsIsReportedAndTheNextTaskRuns() {
    List<String> bugs = new ArrayList<>();
    SerialQueue queue = new SerialQueue(bug -> bugs.add(bug.getMessage()));
    queue.execute(
        () -> {
          throw new IllegalStateException("first");
        });
    queue.execute(() -> bugs.add("second"));
    assertThat(bugs).containsExactly("first", "second");
  }

  @Test
  void allocationHasOneThreadAtATime() throws Exception {
    Room room = new Room();
    RecordingLogger logger = new RecordingLogger();
    Allocator allocator =
        new Allocator(
            new Traces(Util.createProperties(), logger), new Alone(), new SplittableRandom(1));
    ObjectId id = new ObjectId("o", "");
    Queue<CompletableFuture<AllocatableObject>> answers = new ConcurrentLinkedQueue<>();
    allocator.update(
        List.of(
            new AllocatableServer(
                "s", false, false, List.of(new AllocatableObject(id, "::T", "", "s.A", "s")))),
        List.of());
    onManyThreads(
        () -> {
          // Nobody waits, so that inputs come while others are being worked off.
          for (int i = 0; i < 2_000; i++) {
            long session = allocator.open(new Visitor(room));
            answers.add(allocator.allocate(session, id, -1).toCompletableFuture());
            allocator.end(session);
          }
        });
    Eventually.await(
        "all are answered", () -> answers.stream().allMatch(CompletableFuture::isDone));
    assertThat(room.clashes).hasValue(0);
    assertThat(logger.lines()).isEmpty();
  }

  private record Visitor(Room room) implements Allocator.Holder {
    @Override
    public String sessionId() {
      return "";
    }

    @Override
    public void gained(Allocator.AllocatedItem item) {
      room.visit();
    }

    @Override
    public void lost(Allocator.AllocatedItem item) {
      room.visit();
    }

    @Override
    public CompletionStage<Void> reachable() {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Nothing is loaded for sessions, and nothing takes time. */
  private static final class Alone implements Allocator.Surroundings {
    @Override
    public CompletionStage<Void> assign(String server, String sessionId) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Allocator.AllocatedItem contents(String server) {
      return new Allocator.AllocatedItem(List.of(), List.of());
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
      throw new AssertionError("nobody waits for a limited time");
    }

    @Override
    public String text(AllocatableObject object) {
      return object.id().toString();
    }
  }
}
