package dev.firn.wire;

import com.zeroc.Ice.ObjectPrx;

/**
 * Proxies that share no connection with calls of before. Any thread.
 *
 * <p>Ice shares one connection among all calls to an endpoint. After packets were lost for a while
 * it stays silent until TCP sends again what was lost, which may take as long again; a new
 * connection works at once.
 */
public final class OwnConnection {
  private OwnConnection() {}

  /**
   * @param attempt calls of the same number share a connection
   * @return differs from the given proxy, also in its endpoints: for calls, not to be compared
   */
  public static ObjectPrx of(ObjectPrx proxy, long attempt) {
    return proxy.ice_connectionId("attempt-" + attempt);
  }
}
