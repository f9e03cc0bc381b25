@NullMarked
package dev.firn.component;

import org.jspecify.annotations.NullMarked;
