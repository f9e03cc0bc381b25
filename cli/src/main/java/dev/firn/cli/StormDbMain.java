package dev.firn.cli;

/** The command {@code icestormdb}. */
public final class StormDbMain {
  private StormDbMain() {}

  public static void main(String[] arguments) {
    DatabaseTool.main(arguments, (list, out, err) -> new IceStormDb(out, err).run(list));
  }
}
