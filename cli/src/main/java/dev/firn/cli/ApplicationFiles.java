package dev.firn.cli;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.DefaultTemplates;
import dev.firn.model.DescriptorException;
import dev.firn.model.DescriptorFileException;
import dev.firn.model.DescriptorParser;
import dev.firn.model.ParseLimits;
import dev.firn.model.SortedNames;
import dev.firn.wire.DescriptorReader;
import dev.firn.wire.DescriptorXml;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Applications: from files of this machine, and as a registry has them. */
final class ApplicationFiles {

  private final DefaultTemplates defaults;

  /**
   * @param admin asked for default templates where a file imports them; if absent, there are none
   */
  ApplicationFiles(@Nullable AdminPrx admin) {
    defaults = admin == null ? DefaultTemplates.NONE : () -> defaultTemplates(admin);
  }

  private static Optional<ApplicationDescriptor> defaultTemplates(AdminPrx admin)
      throws DescriptorException {
    try {
      return Optional.of(DescriptorReader.application(admin.getDefaultApplicationDescriptor()));
    } catch (DeploymentException exception) {
      throw new DescriptorException(exception.reason);
    }
  }

  /**
   * Reads the application that a command is about.
   *
   * @param arguments the file, then targets and {@code NAME=VALUE} for variables
   */
  ApplicationDescriptor parse(List<String> arguments) throws CommandException {
    List<String> targets = new ArrayList<>();
    SortedMap<String, String> variables = new TreeMap<>(SortedNames.ORDER);
    for (String argument : arguments.subList(1, arguments.size())) {
      int equals = argument.indexOf('=');
      if (equals < 0) {
        targets.add(argument);
      } else {
        variables.put(argument.substring(0, equals), argument.substring(equals + 1));
      }
    }
    try {
      return parse(arguments.get(0), targets, variables);
    } catch (DescriptorFileException exception) {
      throw new CommandException("::IceXML::ParserException\n" + exception.getMessage());
    }
  }

  ApplicationDescriptor parse(
      String file, List<String> targets, SortedMap<String, String> variables)
      throws DescriptorFileException {
    var files = new DescriptorXml(DescriptorXml.Limits.DEFAULT);
    return new DescriptorParser(files, defaults, ParseLimits.DEFAULT)
        .parse(file, targets, variables);
  }

  /** An application that is deployed. */
  static ApplicationInfo deployed(AdminPrx admin, String name)
      throws CommandException, UserException {
    try {
      return DescriptorReader.info(admin.getApplicationInfo(name));
    } catch (DescriptorException exception) {
      throw invalid(exception);
    }
  }

  /**
   * What a command says of a descriptor that cannot be deployed, as if the registry had said it.
   */
  static CommandException invalid(DescriptorException exception) {
    return new CommandException(Failures.describe(new DeploymentException(exception.reason())));
  }
}
