package dev.firn.wire;

import com.zeroc.IceGrid.ApplicationUpdateDescriptor;
import com.zeroc.IceGrid.BoxedString;
import com.zeroc.IceGrid.NodeUpdateDescriptor;
import dev.firn.model.DescriptorException;
import dev.firn.model.SortedNames;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Update descriptors as clients and masters send them, to the model's. */
public final class UpdateReader {
  private UpdateReader() {}

  public static dev.firn.model.ApplicationUpdateDescriptor update(
      ApplicationUpdateDescriptor update) throws DescriptorException {
    try {
      return new dev.firn.model.ApplicationUpdateDescriptor(
          update.name,
          unbox(update.description),
          update.distrib == null
              ? Optional.empty()
              : Optional.of(DescriptorReader.distribution(update.distrib.value)),
          SortedNames.copyOf(update.variables),
          List.of(update.removeVariables),
          DescriptorReader.propertySets(update.propertySets),
          List.of(update.removePropertySets),
          DescriptorReader.each(update.replicaGroups, DescriptorReader::replicaGroup),
          List.of(update.removeReplicaGroups),
          DescriptorReader.serverTemplates(update.serverTemplates),
          List.of(update.removeServerTemplates),
          DescriptorReader.serviceTemplates(update.serviceTemplates),
          List.of(update.removeServiceTemplates),
          DescriptorReader.each(update.nodes, UpdateReader::node),
          List.of(update.removeNodes));
    } catch (DescriptorException e) {
      throw new DescriptorException("application `" + update.name + "':\n" + e.reason());
    }
  }

  private static dev.firn.model.NodeUpdateDescriptor node(NodeUpdateDescriptor node)
      throws DescriptorException {
    try {
      return new dev.firn.model.NodeUpdateDescriptor(
          node.name,
          unbox(node.description),
          SortedNames.copyOf(node.variables),
          List.of(node.removeVariables),
          DescriptorReader.propertySets(node.propertySets),
          List.of(node.removePropertySets),
          DescriptorReader.each(node.serverInstances, DescriptorReader::serverInstance),
          DescriptorReader.each(node.servers, DescriptorReader::server),
          List.of(node.removeServers),
          unbox(node.loadFactor));
    } catch (DescriptorException e) {
      throw new DescriptorException("node `" + node.name + "':\n" + e.reason());
    }
  }

  private static Optional<String> unbox(@Nullable BoxedString boxed) {
    return boxed == null ? Optional.empty() : Optional.of(boxed.value);
  }
}
