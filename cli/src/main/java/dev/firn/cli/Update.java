package dev.firn.cli;

import dev.firn.model.ApplicationChanges;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationDiff;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.ApplicationUpdateDescriptor;
import dev.firn.model.DescriptorException;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.Expansion;
import dev.firn.model.UpdatePlan;

/**
 * A deployed application, and what a file would make of it.
 *
 * @param revision of the deployed one
 */
record Update(
    int revision,
    ApplicationChanges changes,
    ExpandedApplication before,
    ExpandedApplication after) {

  /** Compares; fails as the registry would if one of the two cannot be deployed. */
  static Update between(ApplicationInfo deployed, ApplicationDescriptor declared)
      throws CommandException {
    try {
      ExpandedApplication before = Expansion.expand(deployed.descriptor());
      ExpandedApplication after = Expansion.expand(declared);
      ApplicationUpdateDescriptor update = ApplicationDiff.between(deployed.descriptor(), declared);
      return new Update(
          deployed.revision(), ApplicationChanges.of(deployed.descriptor(), update), before, after);
    } catch (DescriptorException exception) {
      throw ApplicationFiles.invalid(exception);
    }
  }

  UpdatePlan plan() {
    return UpdatePlan.between(before, after);
  }
}
