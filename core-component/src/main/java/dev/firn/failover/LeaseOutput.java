package dev.firn.failover;

/** What {@link RoleLeases} want done. Performed in list order. */
public sealed interface LeaseOutput {
  void perform(Host host);

  /** Performs outputs. None may wait. */
  interface Host {
    void answer(RoleRequestId request, LeaseAnswer answer);

    void insist(String instance, String address, long epoch);

    void report(RoleOutput.Severity severity, String text);
  }

  record Answer(RoleRequestId request, LeaseAnswer answer) implements LeaseOutput {
    @Override
    public void perform(Host host) {
      host.answer(request, answer);
    }
  }

  /** Tell the replica to go on with what it has: promote with this epoch and loss accepted. */
  record Insist(String instance, String address, long epoch) implements LeaseOutput {
    @Override
    public void perform(Host host) {
      host.insist(instance, address, epoch);
    }
  }

  /** One line for the log, with stable keys. */
  record Report(RoleOutput.Severity severity, String text) implements LeaseOutput {
    @Override
    public void perform(Host host) {
      host.report(severity, text);
    }
  }
}
