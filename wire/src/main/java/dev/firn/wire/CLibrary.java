package dev.firn.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;

/** What only the C library can do with this process. */
public final class CLibrary {
  private static final int PR_SET_DUMPABLE = 4;

  /** Each returns 0 if it succeeded. Public for what generates its code. */
  public interface Library {
    int execv(String path, @In String[] arguments);

    int initgroups(String user, int group);

    int setgid(int group);

    int setuid(int user);

    int prctl(int option, long first, long second, long third, long fourth);
  }

  private CLibrary() {}

  private static Library library() {
    return LibraryLoader.create(Library.class).load("c");
  }

  /**
   * Becomes another program, with the same process id, environment, directory and standard streams:
   * all threads end where they are. Does not return.
   *
   * @param program an absolute path
   * @param arguments with the name of the program first
   * @throws IOException if the system refuses; nothing has changed then
   */
  public static void become(Path program, List<String> arguments) throws IOException {
    System.out.flush();
    System.err.flush();
    Library library = library();
    check(
        "become `" + program + "'",
        library.execv(program.toString(), arguments.toArray(String[]::new)));
  }

  /**
   * Gives all threads of this process another user; only root's can.
   *
   * @throws IOException if the system refuses; the process should end then
   */
  static void changeUser(String name, int user, int group) throws IOException {
    Library library = library();
    check("take the groups of `" + name + "'", library.initgroups(name, group));
    check("take the group " + group, library.setgid(group));
    check("become user " + user, library.setuid(user));
    // Else /proc/self belongs to root, and says that this process does.
    library.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  }

  private static void check(String what, int status) throws IOException {
    if (status != 0) {
      throw new IOException(
          "cannot " + what + ": error " + Runtime.getSystemRuntime().getLastError());
    }
  }
}
