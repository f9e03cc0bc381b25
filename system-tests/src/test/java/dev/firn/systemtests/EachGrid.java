package dev.firn.systemtests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs all tests of a class once per mix of registries and nodes; its {@link Initializer} method
 * takes it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ClassTemplate
@ExtendWith(EachGrid.Provider.class)
@interface EachGrid {

  /** Public for JUnit. */
  final class Provider extends Variants<GridMix> {
    public Provider() {
      super(GridMix::tested);
    }
  }
}
