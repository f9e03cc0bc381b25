package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.FileParser;
import com.zeroc.IceGrid.ParseException;
import dev.firn.model.DescriptorFileException;
import dev.firn.model.SortedNames;
import dev.firn.wire.DescriptorWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code icegridadmin --server}: reads descriptor files for a graphical tool that cannot. The first
 * line of its output is the proxy to call. Needs no registry.
 */
final class FileParserServer {

  private static final String ADAPTER = "IceGridAdmin.Server";

  private final Properties properties;
  private final Console console;

  FileParserServer(Properties properties, Console console) {
    this.properties = properties;
    this.console = console;
  }

  /** Serves until the process is told to end; the exit status. */
  int run() {
    var data = new InitializationData();
    data.properties = properties;
    Communicator communicator = Util.initialize(data);
    Signals.onInterrupt(communicator::shutdown);
    try {
      ObjectAdapter adapter = communicator.createObjectAdapter(ADAPTER);
      adapter.activate();
      var proxy = adapter.add(new Servant(), new Identity("FileParser", ""));
      console.line(communicator.proxyToString(proxy));
      console.flush();
      communicator.waitForShutdown();
      return 0;
    } finally {
      communicator.destroy();
      Signals.reset();
    }
  }

  /** Reads a file for each call; keeps nothing. */
  static final class Servant implements FileParser {

    @Override
    public ApplicationDescriptor parse(String xmlFile, @Nullable AdminPrx admin, Current current)
        throws ParseException {
      try {
        return DescriptorWriter.application(
            new ApplicationFiles(admin).parse(xmlFile, List.of(), SortedNames.empty()));
      } catch (DescriptorFileException exception) {
        throw new ParseException(exception.getMessage());
      }
    }
  }
}
