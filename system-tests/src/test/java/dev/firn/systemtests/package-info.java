/**
 * Real processes: every scenario of the registry and of the storm against Firn's and against the
 * reference's, alone and in mixed clusters.
 *
 * <p>The tests speak Ice only through Python clients and the admin tools, so what they see is what
 * other languages see. All traffic stays on 127.0.0.1 and on ports of {@link
 * dev.firn.systemtests.Ports}.
 */
@NullMarked
package dev.firn.systemtests;

import org.jspecify.annotations.NullMarked;
