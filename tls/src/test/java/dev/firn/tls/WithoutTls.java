package dev.firn.tls;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;

/** A program whose configuration has no TLS. */
final class WithoutTls {
  private WithoutTls() {}

  public static void main(String[] arguments) {
    Properties properties = Util.createProperties();
    properties.setProperty("IceGrid.Registry.Client.Endpoints", "tcp -h 127.0.0.1 -p 4061");
    TlsConfiguration.prepare(properties);
  }
}
