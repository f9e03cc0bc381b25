package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Password files in the formats of crypt(3), and those of other platforms. */
@EachImplementation
class CryptPasswordsTest {
  private static final Map<String, String> SALTS =
      Map.of(
          "des", "ab",
          "md5", "$1$saltsalt$",
          "sha256", "$5$saltstring$",
          "sha256rounds", "$5$rounds=1500$saltstring$",
          "sha512", "$6$saltstring$",
          "sha512rounds", "$6$rounds=1234$saltstring$");

  private Implementation implementation;
  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
    IceClient hasher = lab.client();
    StringBuilder file = new StringBuilder("\n");
    SALTS.forEach(
        (user, salt) ->
            file.append(user)
                .append(' ')
                .append(hash(hasher, "secret-" + user, salt))
                .append('\n'));
    file.append("\n  spaced \t ").append(hash(hasher, "secret-spaced", "$6$other$")).append("  \n");
    file.append("md5 ").append(hash(hasher, "second entry", "$6$other$")).append('\n');
    if (implementation == Implementation.FIRN) {
      file.append("pbkdf2 ")
          .append(Passwords.pbkdf2("PBKDF2WithHmacSHA1", "$pbkdf2$", "secret-pbkdf2", 20))
          .append('\n');
      file.append("pbkdf2sha256 ")
          .append(
              Passwords.pbkdf2(
                  "PBKDF2WithHmacSHA256", "$pbkdf2-sha256$", "secret-pbkdf2sha256", 32))
          .append('\n');
      file.append("pbkdf2sha512 ")
          .append(
              Passwords.pbkdf2(
                  "PBKDF2WithHmacSHA512", "$pbkdf2-sha512$", "secret-pbkdf2sha512", 64))
          .append('\n');
    }
    Path passwords = lab.write("passwords", file.toString());
    Path clientPasswords =
        lab.write("client-passwords", "chief " + hash(hasher, "topsecret", "$5$abc$") + "\n");
    registry =
        lab.registry(implementation)
            .without("IceGrid.Registry.PermissionsVerifier")
            .without("IceGrid.Registry.AdminPermissionsVerifier")
            .with("IceGrid.Registry.CryptPasswords", clientPasswords.toString())
            .with("IceGrid.Registry.AdminCryptPasswords", passwords.toString())
            .start();
    client = lab.client();
  }

  private String hash(IceClient hasher, String password, String salt) {
    return hasher.ask("crypt", Map.of("password", password, "salt", salt)).text();
  }

  private IceFailure refused(String user, String password) {
    IceFailure failure = client.registry(registry).failure("createAdminSession", user, password);
    assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
    return failure;
  }

  @Test
  void everyFormatIsAccepted() {
    for (String user : SALTS.keySet()) {
      Json session = client.registry(registry).call("createAdminSession", user, "secret-" + user);
      client.at("IceGrid.AdminSession", session).call("destroy");
    }
    Json spaced = client.registry(registry).call("createAdminSession", "spaced", "secret-spaced");
    client.at("IceGrid.AdminSession", spaced).call("destroy");
  }

  @Test
  void theFormatsOfOtherPlatformsAreAcceptedToo() {
    if (registry.isFirn()) {
      for (String user : List.of("pbkdf2", "pbkdf2sha256", "pbkdf2sha512")) {
        Json session = client.registry(registry).call("createAdminSession", user, "secret-" + user);
        client.at("IceGrid.AdminSession", session).call("destroy");
        refused(user, "wrong");
      }
    }
  }

  @Test
  void wrongPasswordsAndUnknownUsersAreRefusedWithoutReason() {
    for (String user : SALTS.keySet()) {
      assertThat(refused(user, "secret").reason()).isEmpty();
      assertThat(refused(user, "").reason()).isEmpty();
    }
    assertThat(refused("stranger", "secret-md5").reason()).isEmpty();
    assertThat(refused("DES", "secret-des").reason()).isEmpty();
  }

  @Test
  void theFirstEntryOfAUserWins() {
    assertThat(refused("md5", "second entry").reason()).isEmpty();
  }

  @Test
  void clientsHaveAFileOfTheirOwn() {
    refused("chief", "topsecret");
    assertThat(client.registry(registry).failure("createSession", "md5", "secret-md5").type())
        .isEqualTo("IceGrid.PermissionDeniedException");
    Json session = client.registry(registry).call("createSession", "chief", "topsecret");
    client.at("IceGrid.AdminSession", session).call("destroy");
  }

  @Test
  void anUnreadableFileEndsTheStart() {
    RegistryProcess broken =
        lab.registry(implementation, "Broken")
            .named("Master")
            .without("IceGrid.Registry.AdminPermissionsVerifier")
            .with(
                "IceGrid.Registry.AdminCryptPasswords",
                lab.directory().resolve("absent").toString())
            .begin();
    assertThat(broken.awaitExit()).isEqualTo(1);
    assertThat(broken.process().err()).contains("cannot open `").contains("absent' for reading");
  }
}
