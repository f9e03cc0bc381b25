package dev.firn.cli;

import com.zeroc.Ice.DNSException;
import com.zeroc.Ice.EndpointParseException;
import com.zeroc.Ice.EndpointSelectionTypeParseException;
import com.zeroc.Ice.FileException;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.IdentityParseException;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.NoEndpointException;
import com.zeroc.Ice.NotRegisteredException;
import com.zeroc.Ice.ObjectAdapterDeactivatedException;
import com.zeroc.Ice.PluginInitializationException;
import com.zeroc.Ice.ProtocolException;
import com.zeroc.Ice.ProxyParseException;
import com.zeroc.Ice.RequestFailedException;
import com.zeroc.Ice.SecurityException;
import com.zeroc.Ice.ToStringMode;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import com.zeroc.Ice.VersionParseException;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.BadSignalException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.ObjectExistsException;
import com.zeroc.IceGrid.ObjectNotRegisteredException;
import com.zeroc.IceGrid.PatchException;
import com.zeroc.IceGrid.RegistryNotExistException;
import com.zeroc.IceGrid.RegistryUnreachableException;
import com.zeroc.IceGrid.ServerNotExistException;
import com.zeroc.IceGrid.ServerStartException;
import com.zeroc.IceGrid.ServerStopException;
import com.zeroc.IceGrid.ServerUnreachableException;

/** The texts of failures: type id first, then what is known about the cause. */
final class Failures {

  private Failures() {}

  /** What a command says about a failure that the registry reported. */
  static String describe(UserException exception) {
    if (exception instanceof ApplicationNotExistException e) {
      return missing("application", e.name);
    } else if (exception instanceof NodeNotExistException e) {
      return missing("node", e.name);
    } else if (exception instanceof RegistryNotExistException e) {
      return missing("registry", e.name);
    } else if (exception instanceof ServerNotExistException e) {
      return missing("server", e.id);
    } else if (exception instanceof AdapterNotExistException e) {
      return missing("adapter", e.id);
    } else if (exception instanceof ObjectNotRegisteredException e) {
      return missing("object", identity(e.id));
    } else if (exception instanceof ObjectExistsException e) {
      return "object `" + identity(e.id) + "' already exists";
    } else if (exception instanceof NodeUnreachableException e) {
      return unreachable("node", e.name, e.reason);
    } else if (exception instanceof RegistryUnreachableException e) {
      return unreachable("registry", e.name, e.reason);
    } else if (exception instanceof ServerUnreachableException e) {
      return unreachable("server", e.name, e.reason);
    } else if (exception instanceof AccessDeniedException e) {
      return "couldn't update the registry, the session from `"
          + e.lockUserId
          + "' is updating the registry";
    } else if (exception instanceof PatchException e) {
      return patchFailure(e.reasons);
    } else if (exception instanceof BadSignalException e) {
      return e.reason;
    } else if (exception instanceof FileNotAvailableException e) {
      return "couldn't access file:\n" + e.reason;
    } else if (exception instanceof ServerStartException e) {
      return "the server didn't start successfully:\n" + e.reason;
    } else if (exception instanceof ServerStopException e) {
      return "the server didn't stop successfully:\n" + e.reason;
    } else if (exception instanceof DeploymentException e) {
      return exception.ice_id() + ":\n" + e.reason;
    }
    return exception.ice_id();
  }

  /** An exception's type id and details. */
  static String text(LocalException exception) {
    String detail = detail(exception);
    return detail.isEmpty() ? exception.ice_id() : exception.ice_id() + ":\n" + detail;
  }

  private static String detail(LocalException exception) {
    if (exception instanceof RequestFailedException e) {
      return "identity: `"
          + identity(e.id)
          + "'\nfacet: "
          + e.facet
          + "\noperation: "
          + e.operation;
    } else if (exception instanceof UnknownException e) {
      return e.unknown;
    } else if (exception instanceof NoEndpointException e) {
      return "no suitable endpoint in proxy `" + e.proxy + "'";
    } else if (exception instanceof DNSException e) {
      return "cannot resolve host `" + e.host + "'";
    } else if (exception instanceof NotRegisteredException e) {
      return "no " + e.kindOfObject + " with id `" + e.id + "'";
    } else if (exception instanceof InitializationException e) {
      return e.reason;
    } else if (exception instanceof PluginInitializationException e) {
      return e.reason;
    } else if (exception instanceof ProtocolException e) {
      return e.reason;
    } else if (exception instanceof SecurityException e) {
      return e.reason;
    } else if (exception instanceof FileException e) {
      return "cannot access file `" + e.path + "'";
    } else if (exception instanceof ObjectAdapterDeactivatedException e) {
      return "object adapter `" + e.name + "' is deactivated";
    }
    String input = badInput(exception);
    if (!input.isEmpty()) {
      return input;
    }
    Throwable cause = exception.getCause();
    String reason = cause == null ? null : cause.getMessage();
    return reason == null ? "" : reason;
  }

  /**
   * Why a text that was typed cannot be understood, empty if the exception is about something else.
   */
  static String badInput(LocalException exception) {
    if (exception instanceof ProxyParseException e) {
      return e.str;
    } else if (exception instanceof EndpointParseException e) {
      return e.str;
    } else if (exception instanceof IdentityParseException e) {
      // Ice for Java names the wrong character here.
      return e.str.replace("unescaped backslash", "unescaped '/'");
    } else if (exception instanceof VersionParseException e) {
      return e.str;
    } else if (exception instanceof EndpointSelectionTypeParseException e) {
      return e.str;
    }
    return "";
  }

  static String identity(Identity identity) {
    return Util.identityToString(identity, ToStringMode.Unicode);
  }

  private static String missing(String kind, String id) {
    return "couldn't find " + kind + " `" + id + "'";
  }

  private static String unreachable(String kind, String name, String reason) {
    return kind + " `" + name + "' couldn't be reached:\n" + reason;
  }

  static String patchFailure(String[] reasons) {
    if (reasons.length == 1) {
      return "the patch failed:\n" + reasons[0];
    }
    var text = new StringBuilder("the patch failed on some nodes:");
    for (String reason : reasons) {
      text.append("\n- ").append(reason.replace("\n", "\n    "));
    }
    return text.toString();
  }
}
