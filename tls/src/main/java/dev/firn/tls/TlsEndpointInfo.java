package dev.firn.tls;

import com.zeroc.Ice.EndpointInfo;

/** What an endpoint of type ssl says of itself; {@code underlying} has host and port. */
public final class TlsEndpointInfo extends EndpointInfo {
  private final short type;

  TlsEndpointInfo(EndpointInfo underlying, short type) {
    super(underlying, underlying.timeout, underlying.compress);
    this.type = type;
  }

  @Override
  public short type() {
    return type;
  }

  @Override
  public boolean datagram() {
    return false;
  }

  @Override
  public boolean secure() {
    return true;
  }
}
