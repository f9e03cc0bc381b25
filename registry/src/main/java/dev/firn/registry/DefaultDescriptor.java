package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.DefaultTemplates;
import dev.firn.model.DescriptorFileException;
import dev.firn.model.DescriptorParser;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.ParseLimits;
import dev.firn.model.SortedNames;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.DescriptorXml;
import java.util.List;

/** The templates and property sets that tools may import into applications. */
final class DefaultDescriptor {
  private static final String PROPERTY = "IceGrid.Registry.DefaultTemplates";

  private DefaultDescriptor() {}

  /**
   * Reads the configured file; small, so on the caller's thread.
   *
   * @throws DeploymentException if there is none, or it cannot be read
   */
  static ApplicationDescriptor load(Communicator communicator) throws DeploymentException {
    String file = communicator.getProperties().getProperty(PROPERTY);
    if (file.isEmpty()) {
      throw new DeploymentException(
          "no default templates configured, you need to set "
              + PROPERTY
              + " in the IceGrid registry configuration.");
    }
    var parser =
        new DescriptorParser(
            new DescriptorXml(DescriptorXml.Limits.DEFAULT),
            DefaultTemplates.NONE,
            ParseLimits.DEFAULT);
    try {
      var parsed = parser.parse(file, List.of(), SortedNames.empty());
      return DescriptorWriter.application(templatesOf(parsed, communicator.getLogger()));
    } catch (DescriptorFileException e) {
      throw new DeploymentException("can't parse default templates:\n" + e.getMessage());
    }
  }

  private static dev.firn.model.ApplicationDescriptor templatesOf(
      dev.firn.model.ApplicationDescriptor parsed, Logger logger) {
    warn(logger, !parsed.nodes().isEmpty(), "node definitions are not allowed.");
    warn(
        logger,
        !parsed.distrib().equals(DistributionDescriptor.NONE),
        "distribution is not allowed.");
    warn(logger, !parsed.replicaGroups().isEmpty(), "replica group definitions are not allowed.");
    warn(logger, !parsed.description().isEmpty(), "description is not allowed.");
    warn(logger, !parsed.variables().isEmpty(), "variable definitions are not allowed.");
    return new dev.firn.model.ApplicationDescriptor(
        "",
        SortedNames.empty(),
        List.of(),
        parsed.serverTemplates(),
        parsed.serviceTemplates(),
        SortedNames.empty(),
        DistributionDescriptor.NONE,
        "",
        parsed.propertySets());
  }

  private static void warn(Logger logger, boolean defined, String what) {
    if (defined) {
      logger.warning("default application descriptor:\n" + what);
    }
  }
}
