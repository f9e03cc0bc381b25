@NullMarked
package dev.firn.storage;

import org.jspecify.annotations.NullMarked;
