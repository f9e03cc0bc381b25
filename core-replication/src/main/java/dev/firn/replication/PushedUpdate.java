package dev.firn.replication;

import dev.firn.model.RegistryEvent;
import java.util.Optional;

/**
 * An event on its way from a master to a slave.
 *
 * @param serial the position in the event's topic, starting at 0 with each start of the master
 * @param dbSerial the master's persistent serial, empty for events that do not count
 * @param epochNumber the master's epoch, empty from a ZeroC master
 */
public record PushedUpdate(
    RegistryEvent event, int serial, Optional<Long> dbSerial, Optional<Long> epochNumber) {}
