package dev.firn.systemtests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Who made the program under test. */
enum Implementation {
  FIRN,
  ZEROC;

  /** The repository's root. */
  static final Path HOME =
      Path.of(System.getProperty("firn.home", "..")).toAbsolutePath().normalize();

  /** Those to test, in the order of the enum. */
  static Stream<Implementation> tested() {
    String names = System.getProperty("firn.test.implementations", "FIRN,ZEROC");
    List<Implementation> wanted =
        Arrays.stream(names.split(","))
            .map(name -> valueOf(name.trim().toUpperCase(Locale.ROOT)))
            .toList();
    return Arrays.stream(values()).filter(wanted::contains);
  }

  /** For tests of what only Firn has. */
  static boolean isFirnTested() {
    return tested().anyMatch(FIRN::equals);
  }

  String registry() {
    return program("icegridregistry");
  }

  String node() {
    return program("icegridnode");
  }

  String admin() {
    return program("icegridadmin");
  }

  String database() {
    return program("icegriddb");
  }

  /** An IceBox that knows the storm's entry point. */
  String iceBox() {
    return program("icebox");
  }

  String stormAdmin() {
    return program("icestormadmin");
  }

  String stormDatabase() {
    return program("icestormdb");
  }

  private String program(String name) {
    if (this == FIRN) {
      return HOME.resolve("bin").resolve(name).toString();
    }
    Peers.require(name);
    return Peers.find(name).orElseThrow().toString();
  }

  boolean isBuilt() {
    return this == ZEROC || Files.isExecutable(Path.of(registry()));
  }
}
