package dev.firn.cli;

import com.zeroc.Ice.Properties;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;

/**
 * How to find a registry and log into it, from options and {@code IceGridAdmin} properties.
 *
 * @param instanceName required name of the grid, empty for any
 * @param port 0 for the default ports
 * @param replica name of the wanted replica, empty for the master or, if it is down, any
 */
record AdminOptions(
    String instanceName,
    String host,
    int port,
    String username,
    String password,
    boolean ssl,
    String replica) {

  static final String PREFIX = "IceGridAdmin";

  static final OptionParser PARSER =
      new OptionParser()
          .flag("h", "help")
          .flag("v", "version")
          .repeatableValue("e")
          .flag("d", "debug")
          .flag("s", "server")
          .value("i", "instanceName")
          .value("H", "host")
          .value("P", "port")
          .value("u", "username")
          .value("p", "password")
          .flag("S", "ssl")
          .value("r", "replica");

  static final String USAGE =
      """
      Usage: icegridadmin [options]
      Options:
      -h, --help           Show this text.
      -v, --version        Print the Ice version.
      -e COMMANDS          Execute COMMANDS and exit; may be repeated.
      -d, --debug          Print how commands are understood.
      -s, --server         Serve a parser of descriptor files.
      -i, --instanceName NAME
                           Use the registry of the grid NAME.
      -H, --host HOST      Look for the registry on HOST.
      -P, --port PORT      Port of the registry on HOST.
      -u, --username NAME  Log in as NAME.
      -p, --password TEXT  Log in with this password.
      -S, --ssl            Log in with the certificate of the TLS connection.
      -r, --replica NAME   Use the registry replica NAME.
      """;

  static AdminOptions of(ParsedOptions options, Properties properties) throws AdminException {
    String port = choose(options, "port", properties, "Port");
    return new AdminOptions(
        choose(options, "instanceName", properties, "InstanceName"),
        choose(options, "host", properties, "Host"),
        port.isEmpty() ? 0 : number(port),
        choose(options, "username", properties, "Username"),
        choose(options, "password", properties, "Password"),
        options.has("ssl") || properties.getPropertyAsInt("IceGridAdmin.AuthenticateUsingSSL") > 0,
        choose(options, "replica", properties, "Replica"));
  }

  private static String choose(
      ParsedOptions options, String option, Properties properties, String property) {
    String value = options.value(option);
    return value.isEmpty() ? properties.getProperty(PREFIX + "." + property) : value;
  }

  private static int number(String text) throws AdminException {
    try {
      int port = Integer.parseInt(text);
      if (port < 0 || port > 65535) {
        throw AdminException.failure("given port number is not between 0 and 65535");
      }
      return port;
    } catch (NumberFormatException exception) {
      throw AdminException.failure("given port number is not a numeric value");
    }
  }
}
