package dev.firn.election;

/** A command on its way to where it can be carried out. */
final class Waiting {
  private final Caller caller;
  private final TopicCommand command;
  private final long sinceMillis;

  Waiting(Caller caller, TopicCommand command, long sinceMillis) {
    this.caller = caller;
    this.command = command;
    this.sinceMillis = sinceMillis;
  }

  Caller caller() {
    return caller;
  }

  TopicCommand command() {
    return command;
  }

  long sinceMillis() {
    return sinceMillis;
  }
}
