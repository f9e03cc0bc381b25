@NullMarked
package dev.firn.replication;

import org.jspecify.annotations.NullMarked;
