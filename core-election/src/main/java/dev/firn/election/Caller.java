package dev.firn.election;

/** Who wants a command carried out, and how they are told. */
interface Caller {
  void done(StateResult result);

  /** It may or may not have been, or come to be, done. */
  void unknown(String reason);

  /** It was not done and will not be. */
  default void refused(String reason) {
    unknown(reason);
  }

  /** Whether the command may wait until there is a group. */
  default boolean isPatient() {
    return true;
  }

  /** Whether another replica may carry the command out. */
  default boolean mayMove() {
    return true;
  }

  static Caller client(RequestId request, Outputs outputs) {
    return new Caller() {
      @Override
      public void done(StateResult result) {
        outputs.reply(request, new Answer.Outcome(result));
      }

      @Override
      public void unknown(String reason) {
        outputs.reply(request, new Answer.UnknownOutcome(reason));
      }
    };
  }

  /** A client that wants its command carried out here or not at all. */
  static Caller clientOfThis(RequestId request, Outputs outputs) {
    return new Caller() {
      @Override
      public void done(StateResult result) {
        outputs.reply(request, new Answer.Outcome(result));
      }

      @Override
      public void unknown(String reason) {
        outputs.reply(request, new Answer.UnknownOutcome(reason));
      }

      @Override
      public void refused(String reason) {
        outputs.reply(request, new Answer.NotCoordinator(reason));
      }

      @Override
      public boolean isPatient() {
        return false;
      }

      @Override
      public boolean mayMove() {
        return false;
      }
    };
  }
}
