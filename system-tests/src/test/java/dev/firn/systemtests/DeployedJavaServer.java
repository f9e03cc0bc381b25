package dev.firn.systemtests;

import com.zeroc.Ice.Blobject;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Util;
import java.nio.file.Path;
import java.util.List;

/**
 * A server in Java for nodes to start: answers some of the questions of deployed.py, on every
 * adapter it is configured with.
 */
final class DeployedJavaServer {
  private DeployedJavaServer() {}

  /** Java options and arguments that start it. */
  static List<String> arguments() {
    return List.of(
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx64m",
        "-cp",
        home(Communicator.class) + ":" + home(DeployedJavaServer.class),
        DeployedJavaServer.class.getName());
  }

  private static Path home(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  public static void main(String[] arguments) {
    try (Communicator communicator = Util.initialize(arguments)) {
      // SIGTERM ends it like Process::shutdown: with status 0 once the communicator is gone.
      Runtime.getRuntime().addShutdownHook(new Thread(communicator::shutdown));
      for (String name : communicator.getProperties().getPropertiesForPrefix("").keySet()) {
        if (name.endsWith(".AdapterId")) {
          String adapterName = name.substring(0, name.length() - ".AdapterId".length());
          ObjectAdapter adapter = communicator.createObjectAdapter(adapterName);
          adapter.addDefaultServant(new Answers(communicator), "");
          adapter.activate();
        }
      }
      communicator.waitForShutdown();
    }
  }

  private record Answers(Communicator communicator) implements Blobject {
    @Override
    public Ice_invokeResult ice_invoke(byte[] parameters, Current current) {
      InputStream in = new InputStream(communicator, parameters);
      in.startEncapsulation();
      String what = current.operation.equals("ask") ? in.readString() : "";
      in.endEncapsulation();
      OutputStream out = new OutputStream(communicator, in.getEncoding());
      out.startEncapsulation(current.encoding, com.zeroc.Ice.FormatType.DefaultFormat);
      if (current.operation.equals("ask")) {
        out.writeString(answer(what));
      }
      out.endEncapsulation();
      return new Ice_invokeResult(true, out.finished());
    }

    private String answer(String what) {
      String[] words = what.split(" ", 2);
      return switch (words[0]) {
        case "id" -> communicator.getProperties().getProperty("Ice.Admin.ServerId");
        case "pid" -> Long.toString(ProcessHandle.current().pid());
        case "pwd" -> Path.of("").toAbsolutePath().toString();
        case "property" -> communicator.getProperties().getProperty(words[1]);
        case "env" -> {
          String value = System.getenv(words[1]);
          yield value == null ? "<unset>" : value;
        }
        case "shutdown" -> {
          communicator.shutdown();
          yield "";
        }
        default -> throw new IllegalArgumentException(what);
      };
    }
  }
}
