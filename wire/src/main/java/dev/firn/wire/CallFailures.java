package dev.firn.wire;

import com.zeroc.Ice.CloseConnectionException;
import com.zeroc.Ice.CommunicatorDestroyedException;
import com.zeroc.Ice.ConnectFailedException;
import com.zeroc.Ice.ConnectTimeoutException;
import com.zeroc.Ice.DNSException;
import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.InvocationTimeoutException;
import com.zeroc.Ice.NoEndpointException;
import com.zeroc.Ice.NotRegisteredException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.SocketException;
import com.zeroc.Ice.TimeoutException;
import dev.firn.election.Input.Failure;
import dev.firn.wire.Firn.Replicator.PeerRefusal;

/** Whether a call that failed may have been executed. */
final class CallFailures {
  private CallFailures() {}

  /**
   * @param failure not wrapped
   * @param sent whether the whole request was handed to the network
   */
  static Failure classify(Throwable failure, boolean sent) {
    if (isBeforeSending(failure)) {
      return Failure.REFUSED;
    } else if (failure instanceof OperationNotExistException) {
      return Failure.UNKNOWN_OPERATION;
    } else if (failure instanceof InvocationTimeoutException) {
      return sent ? Failure.TIMEOUT : Failure.REFUSED;
    } else if (isConnection(failure)) {
      return sent ? Failure.LOST : Failure.REFUSED;
    }
    return Failure.OTHER;
  }

  private static boolean isBeforeSending(Throwable failure) {
    return failure instanceof ConnectFailedException
        || failure instanceof ConnectTimeoutException
        || failure instanceof DNSException
        || failure instanceof NoEndpointException
        || failure instanceof NotRegisteredException
        || failure instanceof CommunicatorDestroyedException
        // A peer that closes in an orderly way has executed all it will answer.
        || failure instanceof CloseConnectionException
        // The replica is there but has not begun, or it has ended.
        || failure instanceof ObjectNotExistException
        || failure instanceof FacetNotExistException
        // Of a command that was submitted: the replica says that it did nothing.
        || failure instanceof PeerRefusal;
  }

  /** The other time-outs are those of a connection. */
  private static boolean isConnection(Throwable failure) {
    return failure instanceof SocketException
        || failure instanceof TimeoutException
        || failure instanceof com.zeroc.Ice.ProtocolException
        || failure instanceof com.zeroc.Ice.ConnectionManuallyClosedException;
  }
}
