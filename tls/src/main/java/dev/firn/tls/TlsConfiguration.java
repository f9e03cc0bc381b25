package dev.firn.tls;

import com.zeroc.Ice.Properties;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes configurations that were written for the C++ run time load this plug-in. */
public final class TlsConfiguration {
  private static final String PLUGIN_PREFIX = "Ice.Plugin.";
  private static final String PLUGIN = PLUGIN_PREFIX + "IceSSL";
  private static final String FACTORY = "dev.firn.tls.TlsPluginFactory";

  private static final Pattern CPP_LIBRARY =
      Pattern.compile("(?:\"?.*/)?(?:lib)?IceSSL(?:\\+\\+11)?(?:,\\d+)?:createIceSSL\"?(?:\\s.*)?");

  private static final String JAVA_SUFFIX = ".java";
  private static final String CPP_SUFFIX = ".cpp";
  private static final String CLR_SUFFIX = ".clr";

  private TlsConfiguration() {}

  /**
   * To be called with the properties that a communicator will get, before it is created.
   *
   * <ul>
   *   <li>A plug-in property that names the C++ library, by whatever path and version, or ZeroC's
   *       factory for Java, names this plug-in afterwards. So does {@code Ice.Plugin.IceSSL=1}; 0
   *       means no plug-in.
   *   <li>Without such a property, this plug-in is added if an endpoint of type ssl or wss appears
   *       in any property, where the C++ run time would end with EndpointParseException.
   * </ul>
   *
   * Where there is no TLS, this is one pass over the properties and loads no class of the plug-in.
   */
  public static void prepare(Properties properties) {
    boolean isConfigured = false;
    for (Map.Entry<String, String> entry :
        properties.getPropertiesForPrefix(PLUGIN_PREFIX).entrySet()) {
      isConfigured |= preparePlugin(properties, entry.getKey(), entry.getValue().strip());
    }
    if (!isConfigured && usesTls(properties)) {
      properties.setProperty(PLUGIN, FACTORY);
    }
  }

  /**
   * Has the plug-in loaded where the properties do not decide about it, for programs that know of
   * other reasons than {@link #prepare}, which is to be called first.
   */
  public static void require(Properties properties) {
    if (properties.getProperty(PLUGIN).isEmpty()
        && properties.getProperty(PLUGIN + JAVA_SUFFIX).isEmpty()) {
      properties.setProperty(PLUGIN, FACTORY);
    }
  }

  /** True if the property decides about the plug-in. */
  private static boolean preparePlugin(Properties properties, String name, String value) {
    boolean isNamed = name.equals(PLUGIN) || name.equals(PLUGIN + JAVA_SUFFIX);
    if (isNamed && value.equals("0")) {
      properties.setProperty(name, "");
      return true;
    }
    if (isNamed && value.startsWith(FACTORY)) {
      return true;
    }
    boolean isOurs =
        (isNamed && value.equals("1"))
            || isCppLibrary(value)
            || value.equals("com.zeroc.IceSSL.PluginFactory")
            || value.endsWith(":com.zeroc.IceSSL.PluginFactory");
    if (!isOurs || name.endsWith(CLR_SUFFIX)) {
      return false;
    }
    // A property for Java goes before the one for all languages, those for others are ignored.
    properties.setProperty(name, "");
    String target =
        name.endsWith(CPP_SUFFIX) ? name.substring(0, name.length() - CPP_SUFFIX.length()) : name;
    if (properties.getProperty(target).isEmpty()) {
      properties.setProperty(target, FACTORY);
    }
    return true;
  }

  /** Such as IceSSL:createIceSSL, IceSSL,37:createIceSSL and /usr/lib/IceSSL:createIceSSL. */
  private static boolean isCppLibrary(String value) {
    return value.contains(":createIceSSL") && CPP_LIBRARY.matcher(value).matches();
  }

  private static boolean usesTls(Properties properties) {
    for (String value : properties.getPropertiesForPrefix("").values()) {
      if ((value.contains("ssl") || value.contains("wss")) && hasTlsEndpoint(value)) {
        return true;
      }
    }
    return false;
  }

  /** An endpoint, alone or after the identity of a proxy, or the default protocol. */
  private static boolean hasTlsEndpoint(String value) {
    for (int start = 0; start < value.length(); start++) {
      boolean isStart = start == 0 || value.charAt(start - 1) == ':';
      if (isStart) {
        String endpoint = value.substring(start).stripLeading();
        if (endpoint.startsWith("ssl ")
            || endpoint.startsWith("wss ")
            || endpoint.equals("ssl")
            || endpoint.equals("wss")) {
          return true;
        }
      }
    }
    return false;
  }
}
