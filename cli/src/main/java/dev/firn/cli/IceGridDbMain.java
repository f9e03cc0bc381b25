package dev.firn.cli;

/** The command {@code icegriddb}. */
public final class IceGridDbMain {
  private IceGridDbMain() {}

  public static void main(String[] arguments) {
    DatabaseTool.main(arguments, (list, out, err) -> new IceGridDb(out, err).run(list));
  }
}
