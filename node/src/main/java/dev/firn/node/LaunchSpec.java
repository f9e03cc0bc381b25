package dev.firn.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to start.
 *
 * @param exe as in the descriptor: a name to look up on the path of the server, or a path
 * @param pwd the working directory, empty for the node's
 * @param options complete, that of the configuration file included; empty ones are left out
 * @param envs as in the descriptor, not expanded yet: {@code NAME=value} sets, {@code NAME} removes
 * @param account to run under, empty for the node's own
 */
record LaunchSpec(
    String serverId,
    String exe,
    String pwd,
    List<String> options,
    List<String> envs,
    Optional<UserAccount> account) {
  LaunchSpec {
    options = List.copyOf(options);
    envs = List.copyOf(envs);
  }

  /** The arguments as the process will see them, the executable first. */
  List<String> command() {
    return Stream.concat(Stream.of(exe), options.stream().filter(option -> !option.isEmpty()))
        .toList();
  }

  /** The working directory of the process. */
  Path directory() {
    return Path.of(pwd).toAbsolutePath();
  }
}
