package dev.firn.component;

/** The main class of {@code firn component locator}. */
public final class LocatorMain {
  private static final String ABOUT =
      """
      Runs the service locator of components: it knows which services there are and how they are
      found. Objects: LocatorService, LocatorServiceManagement.

      Properties:
        --Ice.Config=FILE
        --Firn.Locator.Data=DIRECTORY           where registrations are kept; else in memory only
        --Firn.Locator.Endpoints=...            default tcp -h 127.0.0.1 -p 4411
        --Firn.Locator.Management.Endpoints=... default tcp -h 127.0.0.1 -p 4422
        --Firn.Locator.Events.NAME=PROXY        is told what is registered
        --Firn.Locator.Nodes.ID=PROXY           one of three or more: the peer object of each
        --Firn.Locator.NodeId=ID                which of them this one is
      """;

  private LocatorMain() {}

  public static void main(String[] arguments) {
    new ServerProgram("firn component locator", ABOUT)
        .main(arguments, (communicator, options) -> new LocatorServer(communicator));
  }
}
