package dev.firn.tls;

import com.zeroc.Ice.Blobject;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ConnectionInfo;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.LoggerI;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A communicator with the plug-in, that serves and calls an object that gives back its input. */
final class Party implements AutoCloseable {
  private static final byte[] NOTHING = encapsulated(new byte[0]);

  private final Communicator communicator;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final List<Current> calls = new CopyOnWriteArrayList<>();
  private final List<ConnectionInfo> callers = new CopyOnWriteArrayList<>();
  private final List<byte[]> inputs = new CopyOnWriteArrayList<>();

  private Party(Properties properties) {
    InitializationData data = new InitializationData();
    data.properties = properties;
    data.logger = new RecordingLogger(log);
    communicator = Util.initialize(data);
  }

  /** Properties for C++, so that the tests are of unchanged configuration files. */
  static Properties properties(Certificates certificates, String name) {
    Properties properties = bare(certificates);
    properties.setProperty("IceSSL.CAs", "ca.pem");
    properties.setProperty("IceSSL.CertFile", name + ".pem");
    properties.setProperty("IceSSL.KeyFile", name + ".key");
    return properties;
  }

  static Properties bare(Certificates certificates) {
    Properties properties = Util.createProperties();
    properties.setProperty("Ice.Plugin.IceSSL", "IceSSL:createIceSSL");
    properties.setProperty("IceSSL.DefaultDir", certificates.directory().toString());
    properties.setProperty("Ice.Override.ConnectTimeout", "20000");
    properties.setProperty("Ice.MessageSizeMax", "30000");
    return properties;
  }

  static Party with(Properties properties) {
    TlsConfiguration.prepare(properties);
    return new Party(properties);
  }

  static Party of(Certificates certificates, String name) {
    return with(properties(certificates, name));
  }

  Communicator communicator() {
    return communicator;
  }

  List<String> log() {
    return log;
  }

  /** Of the calls that were served. */
  List<Current> calls() {
    return calls;
  }

  /** Of the calls that were served, each with what the connection said of itself. */
  List<ConnectionInfo> callers() {
    return callers;
  }

  /** Of the calls of other operations than echo, which answer with nothing. */
  List<byte[]> inputs() {
    return inputs;
  }

  /** Serves the object under a port that is free; the answer is the endpoint for clients. */
  String serve(String protocol) {
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("Echo", protocol + " -h 127.0.0.1");
    adapter.add(
        (Blobject)
            (input, current) -> {
              calls.add(current);
              callers.add(current.con.getInfo());
              boolean isEcho = current.operation.equals("echo");
              if (!isEcho) {
                inputs.add(input);
              }
              return new Ice_invokeResult(true, isEcho ? input : NOTHING);
            },
        Util.stringToIdentity("echo"));
    adapter.activate();
    return adapter.getEndpoints()[0].toString();
  }

  ObjectPrx echo(String endpoint) {
    return communicator.stringToProxy("echo:" + endpoint);
  }

  byte[] call(String endpoint) {
    return call(echo(endpoint), NOTHING);
  }

  static byte[] call(ObjectPrx proxy, byte[] input) {
    return proxy.ice_invoke("echo", OperationMode.Normal, input).outParams;
  }

  /** With the header that parameters have on the wire. */
  static byte[] encapsulated(byte[] content) {
    byte[] all = new byte[content.length + 6];
    for (int index = 0; index < 4; index++) {
      all[index] = (byte) (all.length >> (8 * index));
    }
    all[4] = 1;
    all[5] = 1;
    System.arraycopy(content, 0, all, 6, content.length);
    return all;
  }

  @Override
  public void close() {
    communicator.destroy();
  }

  private static final class RecordingLogger extends LoggerI {
    private final List<String> log;

    RecordingLogger(List<String> log) {
      super("", "");
      this.log = log;
    }

    @Override
    public void print(String message) {
      log.add(message);
    }

    @Override
    public void trace(String category, String message) {
      log.add(category + ": " + message);
    }

    @Override
    public void warning(String message) {
      log.add("warning: " + message);
    }

    @Override
    public void error(String message) {
      log.add("error: " + message);
    }

    @Override
    public Logger cloneWithPrefix(String prefix) {
      return this;
    }
  }
}
