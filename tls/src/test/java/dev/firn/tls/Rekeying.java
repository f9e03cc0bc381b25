package dev.firn.tls;

import com.zeroc.Ice.ObjectPrx;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Sends more than the keys are good for, in both directions. */
final class Rekeying {
  private Rekeying() {}

  public static void main(String[] arguments) {
    Certificates certificates = new Certificates(Path.of(arguments[0]));
    try (Party server = Party.of(certificates, "server");
        Party client = Party.of(certificates, "client")) {
      ObjectPrx echo = client.echo(server.serve("ssl"));
      Random random = new Random(10);
      for (int bytes : new int[] {1_000_000, 0, 3_000_000, 1, 100_000}) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        byte[] input = Party.encapsulated(content);
        if (!Arrays.equals(Party.call(echo, input), input)) {
          throw new AssertionError("changed under way: " + bytes);
        }
      }
    }
    System.out.println("DONE");
  }
}
