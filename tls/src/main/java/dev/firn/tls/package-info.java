/**
 * The transports {@code ssl} and {@code wss} for Ice for Java, configured by the IceSSL properties
 * of the C++ run time: PEM files as they are, key stores of Java too.
 *
 * <p>The plug-in is named by a property, {@code Ice.Plugin.IceSSL=dev.firn.tls.TlsPluginFactory};
 * {@link dev.firn.tls.TlsConfiguration} sets it where a configuration was written for C++. A
 * connection's peer is seen through {@link dev.firn.tls.TlsConnectionInfo}. Wrong settings end the
 * communicator's creation with PluginInitializationException, a refused peer its connection with
 * SecurityException.
 */
@NullMarked
package dev.firn.tls;

import org.jspecify.annotations.NullMarked;
