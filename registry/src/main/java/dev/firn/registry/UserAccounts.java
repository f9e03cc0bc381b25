package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.InitializationException;
import com.zeroc.IceGrid.UserAccountMapper;
import com.zeroc.IceGrid.UserAccountNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The accounts that users' servers run under, read once from a file. Immutable; any thread. */
final class UserAccounts implements UserAccountMapper {
  private final Map<String, String> accountByUser;

  private UserAccounts(Map<String, String> accountByUser) {
    this.accountByUser = Map.copyOf(accountByUser);
  }

  /**
   * Reads lines of an account, white space, and the user, who may have blanks; {@code #} starts a
   * comment. The last line of a user counts.
   *
   * @throws InitializationException if the file cannot be read
   */
  static UserAccounts load(Path path) {
    String text;
    try {
      text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (IOException ex) {
      String reason =
          ex instanceof NoSuchFileException
              ? "No such file or directory"
              : String.valueOf(ex.getMessage());
      throw new InitializationException("cannot open `" + path + "' for reading: " + reason, ex);
    }
    Map<String, String> accounts = new HashMap<>();
    text.lines()
        .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+", 2))
        .filter(fields -> fields.length == 2)
        .forEach(fields -> accounts.put(fields[1], fields[0]));
    return new UserAccounts(accounts);
  }

  @Override
  public String getUserAccount(String user, Current current) throws UserAccountNotFoundException {
    String account = accountByUser.get(user);
    if (account == null) {
      throw new UserAccountNotFoundException();
    }
    return account;
  }
}
