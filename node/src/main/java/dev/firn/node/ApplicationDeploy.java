package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.RegistryPrx;
import dev.firn.model.DescriptorException;
import dev.firn.model.DescriptorFileException;
import dev.firn.model.DescriptorParser;
import dev.firn.model.ParseLimits;
import dev.firn.wire.DescriptorReader;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.DescriptorXml;
import dev.firn.wire.Exceptions;
import java.io.Console;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code --deploy}: adds or updates an application. Blocks; fails with a warning only. */
final class ApplicationDeploy {
  private static final String USERNAME = "IceGridAdmin.Username";
  private static final String PASSWORD = "IceGridAdmin.Password";
  private static final String SECURE = "IceGridAdmin.AuthenticateUsingSSL";

  private final Communicator communicator;
  private final NodeSettings settings;

  ApplicationDeploy(Communicator communicator, NodeSettings settings) {
    this.communicator = communicator;
    this.settings = settings;
  }

  void deploy(String file, List<String> targets) {
    try {
      AdminSessionPrx session = session();
      try {
        deploy(session, file, targets);
      } finally {
        end(session);
      }
    } catch (DescriptorFileException | LocalDeployException e) {
      failed(file, String.valueOf(e.getMessage()));
    } catch (UserException e) {
      failed(file, reason(e));
    } catch (LocalException e) {
      failed(file, Exceptions.text(e));
    }
  }

  private void deploy(AdminSessionPrx session, String file, List<String> targets)
      throws DescriptorFileException, UserException, LocalDeployException {
    AdminPrx local = session.getAdmin();
    if (local == null) {
      throw new LocalDeployException("the session has no administrative object");
    }
    AdminPrx admin = AdminPrx.uncheckedCast(local.ice_collocationOptimized(false));
    DescriptorParser parser =
        new DescriptorParser(
            new DescriptorXml(DescriptorXml.Limits.DEFAULT),
            () -> Optional.of(templates(admin)),
            ParseLimits.DEFAULT);
    ApplicationDescriptor application =
        DescriptorWriter.application(parser.parse(file, targets, Map.of()));
    try {
      admin.syncApplication(application);
    } catch (ApplicationNotExistException e) {
      admin.addApplication(application);
    }
  }

  private static dev.firn.model.ApplicationDescriptor templates(AdminPrx admin)
      throws DescriptorException {
    try {
      return DescriptorReader.application(admin.getDefaultApplicationDescriptor());
    } catch (DeploymentException e) {
      throw new DescriptorException(e.reason);
    }
  }

  private AdminSessionPrx session() throws UserException, LocalDeployException {
    LocatorPrx locator = communicator.getDefaultLocator();
    if (locator == null) {
      throw new LocalDeployException("there is no locator");
    }
    ObjectPrx found = locator.findObjectById(settings.id("Registry"));
    RegistryPrx registry =
        found == null
            ? null
            // Sessions belong to connections, also with a registry in this process.
            : RegistryPrx.checkedCast(found.ice_preferSecure(true).ice_collocationOptimized(false));
    if (registry == null) {
      throw new LocalDeployException("invalid registry");
    }
    Properties properties = communicator.getProperties();
    AdminSessionPrx session =
        properties.getPropertyAsInt(SECURE) > 0
            ? registry.createAdminSessionFromSecureConnection()
            : registry.createAdminSession(
                answer(properties.getProperty(USERNAME), "user id: ", true),
                answer(properties.getProperty(PASSWORD), "password: ", false));
    if (session == null) {
      throw new LocalDeployException("the registry granted no session");
    }
    return AdminSessionPrx.uncheckedCast(session.ice_collocationOptimized(false));
  }

  /** What was deployed stays, whatever becomes of the session. */
  private static void end(AdminSessionPrx session) {
    try {
      session.destroy();
    } catch (LocalException e) {
      // It ends with its connection.
    }
  }

  /** What is not configured is asked for, where there is a terminal. */
  // Newer Java always has a console; without a terminal it says that the input has ended.
  @SuppressWarnings("SystemConsoleNull")
  private static String answer(String configured, String prompt, boolean required) {
    Console console = System.console();
    String answer = configured;
    while (answer.isEmpty() && console != null) {
      String line = required ? console.readLine(prompt) : password(console, prompt);
      if (line == null) {
        break;
      }
      answer = line.strip();
      if (!required) {
        break;
      }
    }
    return answer;
  }

  private static @Nullable String password(Console console, String prompt) {
    char[] typed = console.readPassword(prompt);
    return typed == null ? null : new String(typed);
  }

  private static String reason(UserException failure) {
    if (failure instanceof DeploymentException deployment) {
      return failure.ice_id() + ":\n" + deployment.reason;
    } else if (failure instanceof AccessDeniedException locked) {
      return "registry database is locked by `" + locked.lockUserId + "'";
    } else if (failure instanceof PermissionDeniedException denied) {
      return failure.ice_id() + ":\n" + denied.reason;
    }
    return failure.ice_id();
  }

  private void failed(String file, String reason) {
    communicator.getLogger().warning("failed to deploy application `" + file + "':\n" + reason);
  }

  /** The deployment cannot be tried. */
  private static final class LocalDeployException extends Exception {
    private static final long serialVersionUID = 1L;

    LocalDeployException(String message) {
      super(message);
    }
  }
}
