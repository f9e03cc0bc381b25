@NullMarked
package dev.firn.cli;

import org.jspecify.annotations.NullMarked;
