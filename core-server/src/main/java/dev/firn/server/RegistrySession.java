package dev.firn.server;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The session of a node with one registry: when to register, to say that the node lives, and to try
 * again. There is no way for it to give up.
 *
 * <pre>
 * DISCONNECTED  ConnectWanted, time for an attempt   CONNECTING    Register
 * CONNECTING    Granted                              CONNECTED     Established
 * CONNECTING    Failed                               DISCONNECTED  Failed
 * CONNECTING    ConnectWanted                        CONNECTING    (an attempt follows a failed one)
 * CONNECTED     ConnectWanted, ConnectionClosed,     CONNECTED     KeepAlive, unless one is under way
 *               time for it
 * CONNECTED     Lost                                 CONNECTING    Lost, Destroy, Register
 * any           Ended                                ENDED         Destroy, if there is a session
 * </pre>
 *
 * What belongs to an attempt or session of before is ignored; a session that is granted too late is
 * destroyed. Owned by one thread.
 */
public final class RegistrySession {
  /** Where it stands. */
  public enum State {
    DISCONNECTED,
    CONNECTING,
    CONNECTED,
    ENDED
  }

  private static final double JITTER = 0.2;
  private static final int DOUBLINGS_MAX = 16;

  private final RegistrySessionConfig config;
  private final RandomGenerator random;
  private State state = State.DISCONNECTED;
  private long attempt;
  private long periodMillis;
  private long dueMillis;
  private int failures;
  private boolean again;
  private boolean keepAliveUnderWay;

  /**
   * @param nowMillis the first attempt is due a period later, unless it is wanted before
   */
  public RegistrySession(RegistrySessionConfig config, RandomGenerator random, long nowMillis) {
    this.config = config;
    this.random = random;
    periodMillis = config.periodMillis();
    dueMillis = nowMillis + periodMillis;
  }

  public State state() {
    return state;
  }

  /** The number of the attempt under way or of the session. */
  public long attempt() {
    return attempt;
  }

  /** When {@link RegistrySessionInput.Tick} has an effect, milliseconds; not before. */
  public long dueMillis() {
    return state == State.ENDED ? Long.MAX_VALUE : dueMillis;
  }

  /** How long a call may take, and how long to wait between attempts at most. */
  public long periodMillis() {
    return periodMillis;
  }

  /**
   * @param nowMillis of a monotonic clock
   * @return what to do, in order; may be empty
   */
  public List<RegistrySessionOutput> step(long nowMillis, RegistrySessionInput input) {
    if (state == State.ENDED) {
      return input instanceof RegistrySessionInput.Granted late
          ? List.of(new RegistrySessionOutput.Destroy(late.attempt()))
          : List.of();
    }
    List<RegistrySessionOutput> outputs = new ArrayList<>();
    if (input instanceof RegistrySessionInput.Tick) {
      if (nowMillis >= dueMillis) {
        act(nowMillis, outputs);
      }
    } else if (input instanceof RegistrySessionInput.ConnectWanted) {
      again = state == State.CONNECTING;
      act(nowMillis, outputs);
    } else if (input instanceof RegistrySessionInput.ConnectionClosed closed) {
      if (isSession(closed.attempt())) {
        act(nowMillis, outputs);
      }
    } else if (input instanceof RegistrySessionInput.Granted granted) {
      granted(nowMillis, granted, outputs);
    } else if (input instanceof RegistrySessionInput.Failed failed) {
      failed(nowMillis, failed, outputs);
    } else if (input instanceof RegistrySessionInput.KeptAlive kept) {
      if (isSession(kept.attempt())) {
        keepAliveUnderWay = false;
      }
    } else if (input instanceof RegistrySessionInput.Lost lost) {
      if (isSession(lost.attempt())) {
        outputs.add(new RegistrySessionOutput.Lost(attempt, lost.reason()));
        outputs.add(new RegistrySessionOutput.Destroy(attempt));
        register(outputs);
      }
    } else if (input instanceof RegistrySessionInput.Ended) {
      if (state == State.CONNECTED) {
        outputs.add(new RegistrySessionOutput.Destroy(attempt));
      }
      state = State.ENDED;
    } else {
      throw new IllegalArgumentException("unknown input " + input);
    }
    return outputs;
  }

  /** Whatever comes next by itself. */
  private void act(long nowMillis, List<RegistrySessionOutput> outputs) {
    if (state == State.DISCONNECTED) {
      register(outputs);
    } else if (state == State.CONNECTED) {
      dueMillis = nowMillis + spread(periodMillis);
      if (!keepAliveUnderWay) {
        keepAliveUnderWay = true;
        outputs.add(new RegistrySessionOutput.KeepAlive(attempt));
      }
    }
  }

  private void register(List<RegistrySessionOutput> outputs) {
    state = State.CONNECTING;
    attempt++;
    again = false;
    keepAliveUnderWay = false;
    dueMillis = Long.MAX_VALUE; // until the attempt ends, which it does
    outputs.add(new RegistrySessionOutput.Register(attempt));
  }

  private void granted(
      long nowMillis, RegistrySessionInput.Granted granted, List<RegistrySessionOutput> outputs) {
    if (state != State.CONNECTING || granted.attempt() != attempt) {
      outputs.add(new RegistrySessionOutput.Destroy(granted.attempt()));
      return;
    }
    state = State.CONNECTED;
    failures = 0;
    if (granted.timeoutSeconds() > 0) {
      periodMillis = Math.max(config.retryMillis(), 1_000L * granted.timeoutSeconds() / 2);
    }
    dueMillis = nowMillis + spread(periodMillis);
    outputs.add(new RegistrySessionOutput.Established(attempt));
  }

  private void failed(
      long nowMillis, RegistrySessionInput.Failed failed, List<RegistrySessionOutput> outputs) {
    if (state != State.CONNECTING || failed.attempt() != attempt) {
      return;
    }
    state = State.DISCONNECTED;
    outputs.add(new RegistrySessionOutput.Failed(failed.kind(), failed.reason()));
    if (again) {
      register(outputs);
      return;
    }
    long delay = periodMillis;
    if (failed.kind() == RegistrySessionInput.Failure.UNREACHABLE) {
      delay = Math.min(periodMillis, config.retryMillis() << Math.min(failures, DOUBLINGS_MAX));
      failures++;
    }
    dueMillis = nowMillis + spread(delay);
  }

  private boolean isSession(long number) {
    return state == State.CONNECTED && number == attempt;
  }

  /** A little less, at random: nodes that lost the same registry do not all come back at once. */
  private long spread(long millis) {
    return millis - (long) (random.nextDouble() * JITTER * millis);
  }
}
