package dev.firn.storm;

/**
 * Told of what metrics count, so that they show it to whoever asks next. Any thread; the caller
 * holds no lock.
 */
interface Meter {
  /** Where nothing is metered. */
  Meter NONE =
      new Meter() {
        @Override
        public void changed(TopicView topic) {}

        @Override
        public void changed(SubscriberView subscriber) {}

        @Override
        public void gone(TopicView topic) {}

        @Override
        public void gone(SubscriberView subscriber) {}
      };

  /** It is new, or counts something more. */
  void changed(TopicView topic);

  /** It is new, counts something more, or has another state. */
  void changed(SubscriberView subscriber);

  void gone(TopicView topic);

  void gone(SubscriberView subscriber);
}
