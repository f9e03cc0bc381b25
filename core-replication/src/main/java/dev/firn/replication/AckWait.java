package dev.firn.replication;

/** A caller that waits until slaves have acknowledged updates. */
final class AckWait {
  private final RequestId request;
  private final Answer released;
  private int expected;

  /**
   * @param released what the caller is told if a slave goes away instead of acknowledging
   */
  AckWait(RequestId request, Answer released) {
    this.request = request;
    this.released = released;
  }

  /** One more acknowledgement to wait for. */
  void expect() {
    expected++;
  }

  void acknowledged(Outputs outputs) {
    end(outputs, new Answer.Done());
  }

  /** A slave will never acknowledge: its session ended. */
  void released(Outputs outputs) {
    end(outputs, released);
  }

  /** Answers at once if there is nothing to wait for. */
  void answerIfComplete(Outputs outputs) {
    if (expected == 0) {
      outputs.reply(request, new Answer.Done());
    }
  }

  private void end(Outputs outputs, Answer answer) {
    expected--;
    if (expected == 0) {
      outputs.reply(request, answer);
    }
  }
}
