/**
 * The node: starts, watches and stops the servers of a machine, as the registries say, with or
 * without them.
 */
@NullMarked
package dev.firn.node;

import org.jspecify.annotations.NullMarked;
