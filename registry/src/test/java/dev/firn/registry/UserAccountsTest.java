package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.InitializationException;
import com.zeroc.IceGrid.UserAccountNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserAccountsTest {
  private static final Current CURRENT = new Current();

  @TempDir Path directory;

  @Test
  void usersMayHaveBlanksAndLaterLinesWin() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("accounts"),
            """
            # accounts and users
            old   CN=Alice, O=Firn
              acct \t CN=Alice, O=Firn\t # the same user
            lonely
            lonely # nobody

            bob bob
            """);
    UserAccounts accounts = UserAccounts.load(file);

    assertThat(accounts.getUserAccount("CN=Alice, O=Firn", CURRENT)).isEqualTo("acct");
    assertThat(accounts.getUserAccount("bob", CURRENT)).isEqualTo("bob");
    assertThatThrownBy(() -> accounts.getUserAccount("", CURRENT))
        .isInstanceOf(UserAccountNotFoundException.class);
    assertThatThrownBy(() -> accounts.getUserAccount("lonely", CURRENT))
        .isInstanceOf(UserAccountNotFoundException.class);
  }

  @Test
  void anUnreadableFileIsNamed() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> UserAccounts.load(missing))
        .isInstanceOfSatisfying(
            InitializationException.class,
            ex ->
                assertThat(ex.reason)
                    .isEqualTo(
                        "cannot open `" + missing + "' for reading: No such file or directory"));
  }
}
