package dev.firn.component;

/** The main class of {@code firn component replicator}. */
public final class ReplicatorMain {
  private ReplicatorMain() {}

  public static void main(String[] arguments) {
    new ServerProgram(
            "firn component replicator",
            """
            Keeps the state and the configuration of replica groups, and gives it to those who stand by:
              --Firn.Replicator.Data=DIRECTORY [--Firn.Replicator.Endpoints="tcp -h HOST -p PORT"]
              [--Replicator.Ack=memory|quorum|standby] [--Replicator.MaxStreamBytes=BYTES]
              [--ServiceLocatorManagementProxy=PROXY | --Firn.Replicator.Register=0]
            """)
        .main(arguments, (communicator, options) -> new Replicator(communicator));
  }
}
