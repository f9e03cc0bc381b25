package dev.firn.failover;

import dev.firn.failover.Activation.Step;
import dev.firn.failover.RoleOutput.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * From serving to standing by, or back from an activation that failed. It always comes to its end:
 * no step may take more than its share of the time, and every step is made whatever became of the
 * one before.
 */
final class Deactivation {
  private enum Part {
    DRAIN,
    FLUSH,
    UNREGISTER,
    CLOSE,
    HOOK
  }

  private final Role role;
  private final RoleMachine machine;
  private final List<Part> ahead = new ArrayList<>();
  private boolean running;
  private Part part = Part.HOOK;
  private long run;
  private long deadlineMillis;
  private long dueMillis = Role.NEVER;
  private boolean publishing;
  private boolean abrupt;

  Deactivation(Role role, RoleMachine machine) {
    this.role = role;
    this.machine = machine;
  }

  /** A planned one: what is in progress is finished, what is done is kept. */
  void plan() {
    begin(role.config.times().standbyMillis());
    abrupt = false;
    ahead.addAll(List.of(Part.DRAIN, Part.FLUSH, Part.UNREGISTER, Part.CLOSE, Part.HOOK));
    next();
  }

  /** The role belongs to another: nothing more is answered, nothing more is published. */
  void atOnce() {
    begin(role.config.times().standbyMillis());
    abrupt = true;
    ahead.addAll(List.of(Part.CLOSE, Part.UNREGISTER, Part.HOOK));
    next();
  }

  /**
   * @param reached where the activation was, at least in its hook
   */
  void undo(Step reached, long budgetMillis) {
    begin(budgetMillis);
    abrupt = true;
    if (reached == Step.REGISTER) {
      ahead.add(Part.UNREGISTER);
    }
    if (reached != Step.HOOK) {
      ahead.add(Part.CLOSE);
    }
    ahead.add(Part.HOOK);
    next();
  }

  private void begin(long budgetMillis) {
    if (running) {
      throw new IllegalStateException("deactivation: begun twice");
    }
    running = true;
    // What a component has prepared in its hook is taken back, too.
    publishing = true;
    deadlineMillis = role.now() + budgetMillis;
    ahead.clear();
  }

  /** What was planned is now to be done at once, if it is not past that. */
  void hurry() {
    if (running && !abrupt && (part == Part.DRAIN || part == Part.FLUSH)) {
      abrupt = true;
      ahead.clear();
      ahead.addAll(List.of(Part.CLOSE, Part.UNREGISTER, Part.HOOK));
      next();
    }
  }

  /** Whether requests in progress may still be answered. */
  boolean isDraining() {
    return running && !abrupt && part == Part.DRAIN;
  }

  private void next() {
    if (ahead.isEmpty()) {
      running = false;
      dueMillis = Role.NEVER;
      machine.deactivated(false);
      return;
    }
    part = ahead.remove(0);
    run = role.nextRun();
    long left = Math.max(0, deadlineMillis - role.now());
    long stepMillis = role.config.times().stepMillis();
    if (part != Part.DRAIN && part != Part.FLUSH && publishing) {
      publishing = false;
      role.add(new RoleOutput.StopPublishing());
    }
    // Each leaves a part of the time to those after it, so that none of them has nothing.
    long limit =
        switch (part) {
          case DRAIN -> left / 2;
          case FLUSH -> Math.min(stepMillis, left / 3);
          case UNREGISTER -> Math.min(stepMillis, left / 2);
          case CLOSE -> left / 2;
          case HOOK -> left;
        };
    dueMillis = role.now() + Math.max(1, limit);
    role.add(
        switch (part) {
          case DRAIN -> new RoleOutput.HoldAdapter(run);
          case FLUSH -> new RoleOutput.Flush(run, limit);
          case UNREGISTER -> new RoleOutput.Unregister(run);
          case CLOSE -> new RoleOutput.CloseAdapter(run, abrupt);
          case HOOK -> new RoleOutput.CallHook(run, RoleHook.STANDBY, role.epoch());
        });
  }

  void drained(long itsRun) {
    done(itsRun, Part.DRAIN);
  }

  void flushed(long itsRun, long seq) {
    if (isCurrent(itsRun, Part.FLUSH)) {
      role.applied(Math.max(seq, role.appliedSeq()));
      next();
    }
  }

  void flushFailed(long itsRun, String reason) {
    if (isCurrent(itsRun, Part.FLUSH)) {
      warn("the last updates are not acknowledged: " + reason);
      next();
    }
  }

  void unregistered(long itsRun) {
    done(itsRun, Part.UNREGISTER);
  }

  void closed(long itsRun) {
    done(itsRun, Part.CLOSE);
  }

  void hookDone(long itsRun) {
    done(itsRun, Part.HOOK);
  }

  /** What it has is replaced by a snapshot anyway. */
  void hookFailed(long itsRun, String reason) {
    if (isCurrent(itsRun, Part.HOOK)) {
      warn("onStandby failed: " + reason);
      next();
    }
  }

  private void done(long itsRun, Part wanted) {
    if (isCurrent(itsRun, wanted)) {
      next();
    }
  }

  private boolean isCurrent(long itsRun, Part wanted) {
    return running && part == wanted && itsRun == run;
  }

  long dueMillis() {
    return dueMillis;
  }

  /** When the last one was to be over, with all that belongs to it. */
  long deadlineMillis() {
    return deadlineMillis;
  }

  void tick() {
    if (!running || role.now() < dueMillis) {
      return;
    }
    switch (part) {
      case DRAIN -> {
        warn("requests in progress did not end in time");
        abrupt = true;
        next();
      }
      case FLUSH -> flushFailed(run, "no answer in time");
      case UNREGISTER -> {
        warn("the locator did not answer in time");
        next();
      }
      case CLOSE -> {
        warn("the service adapter did not close in time");
        next();
      }
      case HOOK -> {
        running = false;
        dueMillis = Role.NEVER;
        machine.deactivated(true);
      }
    }
  }

  private void warn(String text) {
    role.error(text);
    role.report(Severity.WARNING, "role: on the way to standby " + text);
  }
}
