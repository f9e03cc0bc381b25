package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zeroc.Ice.IdentityParseException;
import com.zeroc.Ice.Util;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void identityWithTooManyPartsIsToldByTheCharacterThatWasTyped() {
    IdentityParseException failure =
        catchThrowableOfType(IdentityParseException.class, () -> Util.stringToIdentity("a/b/c"));
    assertThat(Failures.badInput(failure)).isEqualTo("unescaped '/' in identity `a/b/c'");
  }
}
