package dev.firn.storm;

/**
 * How a subscriber fares.
 *
 * <table>
 *   <caption>Transitions</caption>
 *   <tr><th>from</th><th>what</th><th>to</th></tr>
 *   <tr><td>ONLINE</td><td>a failure that is tolerated</td><td>OFFLINE</td></tr>
 *   <tr><td>ONLINE, OFFLINE</td><td>a failure that is not</td><td>ERROR</td></tr>
 *   <tr><td>ONLINE, OFFLINE</td><td>one that began in another group of replicas, or in none</td>
 *       <td>OFFLINE</td></tr>
 *   <tr><td>OFFLINE</td><td>first event after the discard interval</td><td>ONLINE</td></tr>
 *   <tr><td>ERROR</td><td>the engine is asked to remove it</td><td>REAPED</td></tr>
 *   <tr><td>REAPED</td><td>first event in another group of replicas</td><td>ONLINE</td></tr>
 * </table>
 */
enum SubscriberState {
  ONLINE("online"),
  /** Events are discarded. */
  OFFLINE("offline"),
  /** Given up. */
  ERROR("error"),
  /** Given up, and its removal is under way. */
  REAPED("reaped");

  private final String label;

  SubscriberState(String label) {
    this.label = label;
  }

  /** The name in traces. */
  String label() {
    return label;
  }

  /** The name in metrics, which do not tell the last two states apart. */
  String metricsLabel() {
    return this == REAPED ? ERROR.label : label;
  }
}
