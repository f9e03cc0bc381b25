package dev.firn.cli;

import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.Ice.PropertiesAdminPrx;
import com.zeroc.IceBox.AlreadyStartedException;
import com.zeroc.IceBox.AlreadyStoppedException;
import com.zeroc.IceBox.NoSuchServiceException;
import com.zeroc.IceBox.ServiceManagerPrx;
import java.util.Map;
import java.util.TreeMap;

/** A running server, reached through the facets of its Admin object. */
final class ServerProcess {

  private static final String SERVICE_MANAGER = "IceBox.ServiceManager";

  private final ObjectPrx admin;
  private final Console console;

  ServerProcess(ObjectPrx admin, Console console) {
    this.admin = admin;
    this.console = console;
  }

  void properties(String facet) throws CommandException {
    Map<String, String> properties;
    try {
      properties = propertiesAdmin(facet).getPropertiesForPrefix("");
    } catch (ObjectNotExistException | FacetNotExistException exception) {
      throw unavailable(exception, facet);
    }
    for (Map.Entry<String, String> entry : new TreeMap<>(properties).entrySet()) {
      console.line(entry.getKey() + "=" + entry.getValue());
    }
  }

  void property(String facet, String name) throws CommandException {
    try {
      console.line(propertiesAdmin(facet).getProperty(name));
    } catch (ObjectNotExistException | FacetNotExistException exception) {
      throw unavailable(exception, facet);
    }
  }

  void write(String message, int descriptor) throws CommandException {
    try {
      ProcessPrx.uncheckedCast(admin, "Process").writeMessage(message, descriptor);
    } catch (ObjectNotExistException | FacetNotExistException exception) {
      throw unavailable(exception, "Process");
    }
  }

  void startService(String name) throws CommandException {
    try {
      ServiceManagerPrx.uncheckedCast(admin, SERVICE_MANAGER).startService(name);
    } catch (AlreadyStartedException exception) {
      throw new CommandException("the service `" + name + "' is already started");
    } catch (NoSuchServiceException exception) {
      throw noSuchService(name);
    } catch (ObjectNotExistException | FacetNotExistException exception) {
      throw unavailable(exception, SERVICE_MANAGER);
    }
  }

  void stopService(String name) throws CommandException {
    try {
      ServiceManagerPrx.uncheckedCast(admin, SERVICE_MANAGER).stopService(name);
    } catch (AlreadyStoppedException exception) {
      throw new CommandException("the service `" + name + "' is already stopped");
    } catch (NoSuchServiceException exception) {
      throw noSuchService(name);
    } catch (ObjectNotExistException | FacetNotExistException exception) {
      throw unavailable(exception, SERVICE_MANAGER);
    }
  }

  static CommandException noSuchService(String name) {
    return new CommandException("couldn't find service `" + name + "'");
  }

  private PropertiesAdminPrx propertiesAdmin(String facet) {
    return PropertiesAdminPrx.uncheckedCast(admin, facet);
  }

  private static CommandException unavailable(
      com.zeroc.Ice.RequestFailedException exception, String facet) {
    if (exception instanceof ObjectNotExistException) {
      return new CommandException("couldn't reach the server's Admin object");
    }
    String article = facet.startsWith("I") ? "an" : "a";
    return new CommandException(
        "the server's Admin object does not provide " + article + " '" + facet + "' facet");
  }
}
