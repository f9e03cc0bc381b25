package dev.firn.node;

import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.PropertiesAdminPrx;
import dev.firn.model.PropertyDescriptor;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Tells a running server its new properties, one configuration file after the other. */
final class RuntimeUpdate {
  private static final String MAIN = "config";
  private static final String SERVICE = "config_";

  /**
   * What one Properties facet is told.
   *
   * @param service empty for the server itself
   * @param properties all of the file; an empty value removes
   */
  record Part(String service, String facet, SortedMap<String, String> properties) {}

  private RuntimeUpdate() {}

  /**
   * What has to be told.
   *
   * @param before the lines of each file, as {@link FileDirectories#properties} has them
   */
  static List<Part> parts(
      SortedMap<String, List<PropertyDescriptor>> before,
      SortedMap<String, List<PropertyDescriptor>> after) {
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<String, List<PropertyDescriptor>> file : after.entrySet()) {
      List<PropertyDescriptor> old = before.getOrDefault(file.getKey(), List.of());
      if (!old.equals(file.getValue())) {
        SortedMap<String, String> told = values(file.getValue());
        values(old).keySet().forEach(name -> told.putIfAbsent(name, ""));
        String service = service(file.getKey());
        parts.add(new Part(service, facet(service, after), told));
      }
    }
    return parts;
  }

  private static String service(String file) {
    return file.startsWith(SERVICE) ? file.substring(SERVICE.length()) : "";
  }

  private static String facet(String service, SortedMap<String, List<PropertyDescriptor>> files) {
    if (service.isEmpty()) {
      return "Properties";
    }
    String shared =
        PropertyLines.value(
            files.getOrDefault(MAIN, List.of()), "IceBox.UseSharedCommunicator." + service);
    return isPositive(shared)
        ? "IceBox.SharedCommunicator.Properties"
        : "IceBox.Service." + service + ".Properties";
  }

  private static boolean isPositive(String value) {
    try {
      return Long.parseLong(value.strip()) > 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** What a file sets; the last line of a name counts, and one without value unsets it. */
  private static SortedMap<String, String> values(List<PropertyDescriptor> lines) {
    SortedMap<String, String> values = new TreeMap<>();
    for (PropertyDescriptor line : lines) {
      if (!PropertyLines.isComment(line)) {
        String value = PropertyLines.unescape(line.value());
        if (value.isEmpty()) {
          values.remove(PropertyLines.unescape(line.name()));
        } else {
          values.put(PropertyLines.unescape(line.name()), value);
        }
      }
    }
    return values;
  }

  /**
   * Tells all parts, whatever comes of the others.
   *
   * @param process the server's Process object, whose other facets are asked
   * @return empty if all went well, otherwise what failed
   */
  static CompletionStage<Optional<String>> send(
      ObjectPrx process, List<Part> parts, Consumer<Part> onPart) {
    List<String> failures = new ArrayList<>();
    CompletionStage<Void> sent = CompletableFuture.completedFuture(null);
    for (Part part : parts) {
      sent = sent.thenCompose(ok -> send(process, part, onPart, failures));
    }
    return sent.thenApply(
        ok -> failures.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", failures)));
  }

  private static CompletionStage<Void> send(
      ObjectPrx process, Part part, Consumer<Part> onPart, List<String> failures) {
    onPart.accept(part);
    return Async.call(
            () ->
                PropertiesAdminPrx.uncheckedCast(process.ice_facet(part.facet()))
                    .setPropertiesAsync(part.properties()))
        .handle(
            (ok, failure) -> {
              if (failure != null) {
                failures.add("facet `" + part.facet() + "': " + Exceptions.text(failure));
              }
              return null;
            });
  }
}
