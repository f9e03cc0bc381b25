@NullMarked
package dev.firn.registry;

import org.jspecify.annotations.NullMarked;
