package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.UserAccountMapper;
import com.zeroc.IceGrid.UserAccountNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** {@code IceGrid.Node.UserAccounts}: accounts of users, read once from a file. Any thread. */
final class FileAccounts implements UserAccountMapper {
  private final Map<String, String> accountByUser;

  private FileAccounts(Map<String, String> accountByUser) {
    this.accountByUser = Map.copyOf(accountByUser);
  }

  /**
   * Reads lines of an account, white space, and the user, who may have blanks; {@code #} starts a
   * comment. The last line of a user counts.
   */
  static FileAccounts load(Path path) throws NodeConfigurationException {
    Map<String, String> accounts = new HashMap<>();
    try {
      new String(Files.readAllBytes(path), UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+", 2))
          .filter(fields -> fields.length == 2)
          .forEach(fields -> accounts.put(fields[1], fields[0]));
    } catch (IOException e) {
      throw new NodeConfigurationException(
          "cannot open `" + path + "' for reading: " + FileTree.reason(e));
    }
    return new FileAccounts(accounts);
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
