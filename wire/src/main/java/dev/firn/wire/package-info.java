/**
 * The wire: types generated from our Slice files, the mapping between Ice's types and the
 * {@linkplain dev.firn.model model}, and the option syntax that the drop-in commands share.
 *
 * <p>Stateless and safe from any thread.
 */
@NullMarked
package dev.firn.wire;

import org.jspecify.annotations.NullMarked;
