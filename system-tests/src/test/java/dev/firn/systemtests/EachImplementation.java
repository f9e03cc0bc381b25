package dev.firn.systemtests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs all tests of a class once per implementation of the service; its {@link Initializer} method
 * takes it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ClassTemplate
@ExtendWith(EachImplementation.Provider.class)
@interface EachImplementation {

  /** Public for JUnit. */
  final class Provider extends Variants<Implementation> {
    public Provider() {
      super(Implementation::tested);
    }
  }
}
