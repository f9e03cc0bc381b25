@NullMarked
package dev.firn.testkit;

import org.jspecify.annotations.NullMarked;
