/**
 * What every process of the system shares on the wire and on the command line: the generated Ice
 * types (in sub-packages) and the option syntax of the drop-in commands.
 */
@NullMarked
package dev.firn.wire;

import org.jspecify.annotations.NullMarked;
