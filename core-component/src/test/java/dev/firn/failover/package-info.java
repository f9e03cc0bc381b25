@NullMarked
package dev.firn.failover;

import org.jspecify.annotations.NullMarked;
