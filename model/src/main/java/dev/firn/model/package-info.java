@NullMarked
package dev.firn.model;

import org.jspecify.annotations.NullMarked;
