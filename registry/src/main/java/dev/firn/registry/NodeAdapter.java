package dev.firn.registry;

import com.zeroc.IceGrid.AdapterPrx;

/**
 * An object adapter on its node.
 *
 * @param proxy the node's object for it
 * @param activationTimeoutSeconds of its server, with what the node needs around it
 * @param deactivationTimeoutSeconds of its server, likewise
 */
record NodeAdapter(
    AdapterPrx proxy, int activationTimeoutSeconds, int deactivationTimeoutSeconds) {}
