package dev.firn.registry;

import dev.firn.model.Topic;

/** The master, as the engine of a slave sees it. Called on the engine's thread; none blocks. */
interface MasterLink {
  /** For a master, which has none. */
  MasterLink NONE =
      new MasterLink() {
        @Override
        public void connect(long attempt) {
          throw unexpected("connect");
        }

        @Override
        public void keepAlive(long attempt) {
          throw unexpected("keepAlive");
        }

        @Override
        public void acknowledge(long attempt, Topic topic, int serial, String failure) {
          throw unexpected("acknowledge");
        }

        @Override
        public void disconnect(long attempt) {
          throw unexpected("disconnect");
        }

        @Override
        public void masterUp(long attempt) {
          throw unexpected("masterUp");
        }

        @Override
        public void masterDown() {
          throw unexpected("masterDown");
        }

        private IllegalStateException unexpected(String output) {
          return new IllegalStateException("a master's core wants " + output);
        }
      };

  void connect(long attempt);

  void keepAlive(long attempt);

  void acknowledge(long attempt, Topic topic, int serial, String failure);

  void disconnect(long attempt);

  void masterUp(long attempt);

  void masterDown();
}
