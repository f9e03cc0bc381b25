/**
 * The wire: types generated from our Slice files, the mapping between Ice's types and the
 * {@linkplain dev.firn.model model}, the option syntax that the drop-in commands share, and small
 * change around Ice for everything that serves.
 *
 * <p>Stateless and safe from any thread.
 */
@NullMarked
package dev.firn.wire;

import org.jspecify.annotations.NullMarked;
