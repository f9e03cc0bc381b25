package dev.firn.model;

/**
 * How often each replicated table was changed by an administrator or a server, ever. A new database
 * starts at 1 each.
 */
public record Serials(long applications, long adapters, long objects) {
  public static final Serials INITIAL = new Serials(1, 1, 1);

  public long of(Topic topic) {
    return switch (topic) {
      case APPLICATIONS -> applications;
      case ADAPTERS -> adapters;
      case OBJECTS -> objects;
    };
  }

  public Serials with(Topic topic, long serial) {
    return switch (topic) {
      case APPLICATIONS -> new Serials(serial, adapters, objects);
      case ADAPTERS -> new Serials(applications, serial, objects);
      case OBJECTS -> new Serials(applications, adapters, serial);
    };
  }
}
