package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorFinderPrx;
import com.zeroc.Ice.LocatorPrx;
import dev.firn.wire.Exceptions;
import dev.firn.wire.LocatorDiscovery;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Makes sure that the communicator has a default router or a default locator. */
final class RegistryFinder {

  private static final int CONNECT_TIMEOUT_MILLIS = 3000;
  private static final int TCP_PORT = 4061;
  private static final int SSL_PORT = 4062;

  private final Communicator communicator;
  private final AdminOptions options;
  private final Console console;
  private final Prompter prompter;

  RegistryFinder(
      Communicator communicator, AdminOptions options, Console console, Prompter prompter) {
    this.communicator = communicator;
    this.options = options;
    this.console = console;
    this.prompter = prompter;
  }

  void find() throws AdminException, IOException, InterruptedException {
    if (communicator.getDefaultRouter() != null || communicator.getDefaultLocator() != null) {
      return;
    }
    Optional<LocatorPrx> locator = options.host().isEmpty() ? discover() : atHost();
    communicator.setDefaultLocator(
        locator.orElseThrow(
            () ->
                AdminException.failure(
                    "could not contact the registry:\nno default locator or router configured")));
  }

  private Optional<LocatorPrx> atHost() throws AdminException {
    if (options.host().indexOf('"') >= 0) {
      throw AdminException.failure("invalid host `" + options.host() + "'");
    }
    Optional<LocatorPrx> locator = Optional.empty();
    try {
      LocatorFinderPrx finder =
          LocatorFinderPrx.uncheckedCast(communicator.stringToProxy(finderProxy()));
      locator = Optional.ofNullable(finder.getLocator());
    } catch (LocalException exception) {
      throw AdminException.failure(
          "could not contact the registry running on `"
              + options.host()
              + "':\n"
              + Exceptions.text(exception));
    }
    if (locator.isPresent() && !options.instanceName().isEmpty()) {
      String actual = locator.get().ice_getIdentity().category;
      if (!actual.equals(options.instanceName())) {
        throw AdminException.failure(
            "registry running on `"
                + options.host()
                + "' uses a different instance name:\n"
                + actual);
      }
    }
    return locator;
  }

  private String finderProxy() {
    var proxy = new StringBuilder("Ice/LocatorFinder");
    if (options.ssl()) {
      proxy.append(" -s");
    }
    endpoint(proxy, "tcp", TCP_PORT);
    if (TlsPlugin.isLoaded(communicator)) {
      endpoint(proxy, "ssl", SSL_PORT);
    }
    return proxy.toString();
  }

  private void endpoint(StringBuilder proxy, String protocol, int defaultPort) {
    proxy.append(':').append(protocol).append(" -h \"").append(options.host()).append("\" -p ");
    proxy.append(options.port() == 0 ? defaultPort : options.port());
    proxy.append(" -t ").append(CONNECT_TIMEOUT_MILLIS);
  }

  private Optional<LocatorPrx> discover() throws AdminException, IOException, InterruptedException {
    List<LocatorPrx> found =
        LocatorDiscovery.of(communicator, AdminOptions.PREFIX + ".Discovery")
            .locators(options.instanceName());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.size() == 1) {
      console.print("using discovered locator:\nproxy = `" + found.get(0) + "'\n");
      return Optional.of(found.get(0));
    }
    console.line("found " + found.size() + " Ice locators:");
    for (int i = 0; i < found.size(); i++) {
      console.line((i + 1) + ": proxy = `" + found.get(i) + "'");
    }
    return Optional.of(found.get(askNumber(found.size()) - 1));
  }

  private int askNumber(int max) throws AdminException, IOException {
    while (true) {
      String answer =
          prompter
              .ask("please enter the locator number to use: ")
              .orElseThrow(AdminException::silent)
              .trim();
      if (answer.isEmpty()) {
        throw AdminException.silent();
      }
      try {
        int number = Integer.parseInt(answer);
        if (number >= 1 && number <= max) {
          return number;
        }
      } catch (NumberFormatException exception) {
        // Asked again.
      }
    }
  }
}
