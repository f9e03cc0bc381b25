package dev.firn.election;

import java.util.Optional;

/** Who wants a command carried out, and how they are told. */
interface Caller {
  void done(TopicCommand.Result result);

  /** It may or may not have been, or come to be, done. */
  void unknown(String reason);

  /** Whether the command may wait until there is a group. */
  default boolean isPatient() {
    return true;
  }

  static Caller client(RequestId request, Outputs outputs) {
    return new Caller() {
      @Override
      public void done(TopicCommand.Result result) {
        outputs.reply(request, new Answer.Outcome(result));
      }

      @Override
      public void unknown(String reason) {
        outputs.reply(request, new Answer.UnknownOutcome(reason));
      }
    };
  }

  /**
   * @param request empty if nobody waits
   */
  static Caller reaper(Optional<RequestId> request, Outputs outputs) {
    return new Caller() {
      @Override
      public void done(TopicCommand.Result result) {
        // A topic that is gone has no subscribers to reap: that is done too.
        request.ifPresent(r -> outputs.reply(r, new Answer.Done()));
      }

      @Override
      public void unknown(String reason) {
        request.ifPresent(r -> outputs.reply(r, new Answer.ReapWouldBlock()));
      }

      @Override
      public boolean isPatient() {
        return false;
      }
    };
  }
}
