package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a service is looked for by, or can be found by.
 *
 * @param types the type id of the class and of its bases, most derived first; also of classes that
 *     nobody here knows
 * @param category what sort of service
 * @param service its name within the sort
 * @param id which of several
 * @param encoded the whole object, with what derived classes add; for comparators only
 */
public record ServiceParams(
    List<String> types, String category, String service, String id, Bytes encoded) {
  public ServiceParams {
    types = List.copyOf(types);
    requireNonNull(category, "category");
    requireNonNull(service, "service");
    requireNonNull(id, "id");
    requireNonNull(encoded, "encoded");
    if (types.isEmpty()) {
      throw new IllegalArgumentException("params have a type");
    }
  }

  /**
   * Whether a service that is registered with these can be what is asked for: the type asked for is
   * this one or a base of it, and the names are equal, where an empty one of the request stands for
   * any.
   */
  public boolean answers(ServiceParams request) {
    return types.contains(request.types.get(0))
        && matches(category, request.category)
        && matches(service, request.service)
        && matches(id, request.id);
  }

  private static boolean matches(String registered, String requested) {
    return requested.isEmpty() || registered.equals(requested);
  }
}
