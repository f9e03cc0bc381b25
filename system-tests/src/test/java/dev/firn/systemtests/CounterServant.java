package dev.firn.systemtests;

import com.zeroc.Ice.BlobjectAsync;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The object of a counter, without generated code. */
record CounterServant(Supplier<CompletionStage<Long>> increment, LongSupplier value)
    implements BlobjectAsync {
  @Override
  public CompletionStage<Object.Ice_invokeResult> ice_invokeAsync(
      byte[] parameters, Current current) {
    return switch (current.operation) {
      case "increment" -> increment.get().thenApply(counted -> result(counted, current));
      case "value" -> CompletableFuture.completedFuture(result(value.getAsLong(), current));
      default -> throw new OperationNotExistException();
    };
  }

  private static Object.Ice_invokeResult result(long value, Current current) {
    OutputStream out = new OutputStream(current.adapter.getCommunicator(), current.encoding);
    out.startEncapsulation(current.encoding, com.zeroc.Ice.FormatType.DefaultFormat);
    out.writeLong(value);
    out.endEncapsulation();
    return new Object.Ice_invokeResult(true, out.finished());
  }
}
