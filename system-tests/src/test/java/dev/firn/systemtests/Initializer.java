package dev.firn.systemtests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the one method of a scenario that gets it ready for a variant: it takes the variant and, if
 * it likes, a {@link Lab} that is closed after the variant's last test. (The null checker knows
 * annotations of this name.)
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Initializer {}
