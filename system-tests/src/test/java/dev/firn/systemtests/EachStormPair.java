package dev.firn.systemtests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs all tests of a class once per pair of implementations of a storm and its counterpart. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ClassTemplate
@ExtendWith(EachStormPair.Provider.class)
@interface EachStormPair {

  /** Public for JUnit. */
  final class Provider extends Variants<StormPair> {
    public Provider() {
      super(StormPair::tested);
    }
  }
}
