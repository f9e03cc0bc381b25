package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A subscriber that keeps what it is called with. */
final class EventSubscriber implements com.zeroc.Ice.BlobjectAsync {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * @param number the integer that the parameters consist of, or -1
   */
  record Received(
      String operation,
      com.zeroc.Ice.OperationMode mode,
      Map<String, String> context,
      ByteBuffer parameters,
      String facet,
      int requestId,
      String transport,
      int number) {}

  final List<Received> received = new CopyOnWriteArrayList<>();
  final AtomicBoolean answers = new AtomicBoolean(true);
  final AtomicReference<com.zeroc.Ice.Connection> connection = new AtomicReference<>();
  final ObjectAdapter adapter;
  final ObjectPrx proxy;
  private final List<Runnable> held = new CopyOnWriteArrayList<>();
  volatile @org.jspecify.annotations.Nullable RuntimeException failure;
  volatile boolean userException;

  EventSubscriber(Communicator communicator, String name) {
    adapter = TestDelivery.listen(communicator, name);
    proxy = adapter.add(this, new Identity(name, "subscribers"));
    adapter.addFacet(this, proxy.ice_getIdentity(), "facet");
  }

  EventSubscriber active() {
    adapter.activate();
    return this;
  }

  @Override
  public CompletionStage<Ice_invokeResult> ice_invokeAsync(byte[] parameters, Current current) {
    received.add(
        new Received(
            current.operation,
            current.mode,
            Map.copyOf(current.ctx),
            ByteBuffer.wrap(parameters),
            current.facet,
            current.requestId,
            current.con == null ? "" : current.con.type(),
            number(parameters)));
    connection.set(current.con);
    RuntimeException reason = failure;
    if (reason != null) {
      throw reason;
    }
    var answer = new CompletableFuture<Ice_invokeResult>();
    if (answers.get()) {
      answer.complete(empty(current));
    } else {
      held.add(() -> answer.complete(empty(current)));
    }
    return answer;
  }

  /** What was not answered longest is answered. */
  void answerOne() {
    await("a call to answer", () -> !held.isEmpty());
    held.remove(0).run();
  }

  /** What was not answered is answered. */
  void answerAll() {
    answers.set(true);
    held.forEach(Runnable::run);
    held.clear();
  }

  private Ice_invokeResult empty(Current current) {
    OutputStream out = new OutputStream(current.adapter.getCommunicator(), current.encoding);
    out.startEncapsulation();
    out.endEncapsulation();
    return new Ice_invokeResult(!userException, out.finished());
  }

  List<Integer> numbers() {
    return received.stream().map(Received::number).toList();
  }

  static byte[] numbered(Communicator communicator, int number) {
    OutputStream out = new OutputStream(communicator);
    out.startEncapsulation();
    out.writeInt(number);
    out.endEncapsulation();
    return out.finished();
  }

  private static int number(byte[] encapsulation) {
    return encapsulation.length == 10
        ? ByteBuffer.wrap(encapsulation).order(ByteOrder.LITTLE_ENDIAN).getInt(6)
        : -1;
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  void awaitCount(int count) {
    await(count + " events, not " + received.size(), () -> received.size() >= count);
  }
}
