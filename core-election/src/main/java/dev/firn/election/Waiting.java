package dev.firn.election;

/** A command on its way to where it can be carried out. */
final class Waiting {
  private final Caller caller;
  private final StateCommand command;
  private final long sinceMillis;

  Waiting(Caller caller, StateCommand command, long sinceMillis) {
    this.caller = caller;
    this.command = command;
    this.sinceMillis = sinceMillis;
  }

  Caller caller() {
    return caller;
  }

  StateCommand command() {
    return command;
  }

  long sinceMillis() {
    return sinceMillis;
  }
}
