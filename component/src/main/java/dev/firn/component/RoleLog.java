package dev.firn.component;

import com.zeroc.Ice.Logger;
import dev.firn.failover.RoleInput;
import dev.firn.failover.RoleOutput;
import dev.firn.failover.RoleState;
import dev.firn.failover.RoleView;

/**
 * What the log says of an instance's role: one line per change, with keys that stay. The thread of
 * the role.
 */
final class RoleLog {
  private static final String CATEGORY = "Component";

  private final ComponentSettings settings;
  private final Logger logger;
  private final boolean traced;

  RoleLog(ComponentSettings settings, Logger logger, boolean traced) {
    this.settings = settings;
    this.logger = logger;
    this.traced = traced;
  }

  void changed(
      RoleState from, RoleState to, String reason, RoleView view, StreamProgress progress) {
    logger.print(
        "component: "
            + from
            + " -> "
            + to
            + " instance="
            + settings.name()
            + " group="
            + settings.group()
            + " epoch="
            + view.epoch()
            + " appliedSeq="
            + progress.appliedSeq()
            + " headSeq="
            + progress.headSeq()
            + " reason="
            + reason.replace(' ', '-').replace('\n', ' '));
  }

  void report(RoleOutput.Severity severity, String text) {
    String message = "component " + settings.name() + ": " + text;
    switch (severity) {
      case INFO -> logger.print(message);
      case WARNING -> logger.warning(message);
      case ERROR -> logger.error(message);
    }
  }

  void input(RoleInput input) {
    if (traced && !(input instanceof RoleInput.Tick)) {
      logger.trace(CATEGORY, settings.name() + " < " + input);
    }
  }

  void output(RoleOutput output) {
    if (traced) {
      logger.trace(CATEGORY, settings.name() + " > " + output);
    }
  }
}
