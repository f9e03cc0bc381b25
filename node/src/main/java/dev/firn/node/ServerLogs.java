package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.FileReader;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.registry.LogFile;
import dev.firn.registry.LogFiles;
import java.nio.file.Path;
import java.util.Optional;

/** The files of a server that may be read: its output and its logs. Any thread; reads a disk. */
final class ServerLogs {
  private ServerLogs() {}

  static long offsetFromEnd(
      NodeContext context, Optional<InternalServerDescriptor> server, String filename, int lines)
      throws FileNotAvailableException {
    return LogFile.offsetFromEnd(path(context, server, filename), lines);
  }

  static FileReader.ReadResult read(
      NodeContext context,
      Optional<InternalServerDescriptor> server,
      String filename,
      long pos,
      int size)
      throws FileNotAvailableException {
    Communicator communicator = context.communicator();
    return LogFile.read(
        path(context, server, filename),
        pos,
        Math.min(size, LogFiles.bytesMax(communicator.getProperties())));
  }

  private static Path path(
      NodeContext context, Optional<InternalServerDescriptor> server, String filename)
      throws FileNotAvailableException {
    if (filename.equals("stdout")) {
      return output(context, server, NodeProperty.STDOUT);
    } else if (filename.equals("stderr")) {
      return output(context, server, NodeProperty.STDERR);
    } else if (!filename.startsWith("#")) {
      throw new FileNotAvailableException("unknown file");
    }
    Path log = PathText.absolute(filename.substring(1));
    if (server.isEmpty() || !context.directories().logs(server.get()).contains(log)) {
      throw new FileNotAvailableException("unknown log file `" + log + "'");
    }
    return log;
  }

  private static Path output(
      NodeContext context, Optional<InternalServerDescriptor> server, NodeProperty property)
      throws FileNotAvailableException {
    String file =
        server.isEmpty()
            ? ""
            : context.directories().property(server.get(), ConfigurationLines.MAIN, property.key());
    if (file.isEmpty()) {
      throw new FileNotAvailableException(property.key() + " configuration property is not set");
    }
    return Path.of(file).toAbsolutePath();
  }
}
