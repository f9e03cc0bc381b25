package dev.firn.wire;

import com.zeroc.Ice.UserException;
import java.util.concurrent.CompletionException;

/** Exceptions as text. */
public final class Exceptions {
  private Exceptions() {}

  /** The type id of an Ice exception with its details, without stack. */
  public static String text(Throwable failure) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof com.zeroc.Ice.Exception ice) {
      String details = details(ice);
      return ice.ice_id() + (details.isEmpty() ? "" : ":\n" + details);
    } else if (cause instanceof UserException user) {
      return user.ice_id();
    }
    return cause.toString();
  }

  public static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static String details(com.zeroc.Ice.Exception exception) {
    if (exception instanceof com.zeroc.Ice.UnknownException unknown) {
      return unknown.unknown;
    } else if (exception instanceof com.zeroc.Ice.EndpointParseException parse) {
      return parse.str;
    } else if (exception instanceof com.zeroc.Ice.ProxyParseException parse) {
      return parse.str;
    } else if (exception instanceof com.zeroc.Ice.InitializationException initialization) {
      return initialization.reason;
    } else if (exception instanceof com.zeroc.Ice.PluginInitializationException plugin) {
      return plugin.reason + (plugin.getCause() == null ? "" : "\n" + text(plugin.getCause()));
    } else if (exception instanceof com.zeroc.Ice.FileException file) {
      String reason = file.getCause() == null ? file.getMessage() : file.getCause().getMessage();
      return (reason == null ? "" : reason + "\n") + "path: " + file.path;
    } else if (exception instanceof com.zeroc.Ice.NotRegisteredException unknown) {
      return unknown.kindOfObject + ": `" + unknown.id + "'";
    } else if (exception instanceof com.zeroc.Ice.NoEndpointException endless) {
      return "no suitable endpoint in proxy `" + endless.proxy + "'";
    } else if (exception instanceof com.zeroc.Ice.ProtocolException protocol
        && !protocol.reason.isEmpty()) {
      return protocol.reason;
    } else if (exception instanceof com.zeroc.Ice.DNSException dns) {
      return "host: " + dns.host;
    } else if (exception instanceof com.zeroc.Ice.RequestFailedException failed) {
      return "identity: `"
          + com.zeroc.Ice.Util.identityToString(failed.id)
          + "'\nfacet: "
          + failed.facet
          + "\noperation: "
          + failed.operation;
    }
    Throwable cause = exception.getCause();
    String message = cause == null ? exception.getMessage() : cause.getMessage();
    return message == null ? "" : message;
  }
}
