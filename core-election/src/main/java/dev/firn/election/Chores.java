package dev.firn.election;

/** What the replicas of one kind of service do besides what all do. */
interface Chores {
  /** None: inputs for a kind of service must not come. */
  Chores NONE =
      new Chores() {
        @Override
        public void take(Input.OfTopics input) {
          throw new IllegalStateException("not for this service: " + input);
        }

        @Override
        public void takeStopped(Input.OfTopics input) {
          throw new IllegalStateException("not for this service: " + input);
        }

        @Override
        public void lead() {}

        @Override
        public void follow() {}

        @Override
        public long wakeAtMillis() {
          return Long.MAX_VALUE;
        }
      };

  void take(Input.OfTopics input);

  /** The replica has ended. */
  void takeStopped(Input.OfTopics input);

  /** This replica coordinates a group, and the next batch of updates is about to be made. */
  void lead();

  /** This replica follows a coordinator. */
  void follow();

  /** When {@link #follow} is to be called while following. */
  long wakeAtMillis();
}
