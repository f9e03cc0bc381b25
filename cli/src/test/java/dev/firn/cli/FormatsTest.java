package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.ConnectionRefusedException;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LogMessage;
import com.zeroc.Ice.LogMessageType;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.ObjectExistsException;
import com.zeroc.IceGrid.PatchException;
import com.zeroc.IceGrid.ServerStartException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {

  private static final ZoneId UTC = ZoneOffset.UTC;

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-1,-1",
    "1,1",
    "0.25,0.25",
    "0.034668,0.034668",
    "1.234567,1.23457",
    "123456,123456",
    "1234567,1.23457e+06",
    "0.0001,0.0001",
    "0.00001234,1.234e-05",
    "100000,100000",
    "999999.5,1e+06",
    "10,10",
    "1e20,1e+20",
    "-0.5,-0.5",
    "1e-10,1e-10",
    "NaN,nan",
    "Infinity,inf",
    "-Infinity,-inf",
  })
  void numbersHaveSixSignificantDigits(float value, String text) {
    assertThat(Formats.general(value)).isEqualTo(text);
  }

  /** {@code %.5e} is a second way to the same six digits. */
  @Property(seed = "20261122")
  void numbersReadBackAsTheirSixDigits(@ForAll float value) {
    if (Float.isFinite(value)) {
      double expected = Double.parseDouble(String.format(java.util.Locale.ROOT, "%.5e", value));
      double actual = Double.parseDouble(Formats.general(value));
      // The two may round a tie differently, which is one unit of the sixth digit.
      assertThat(Math.abs(actual - expected)).isLessThanOrEqualTo(Math.abs(expected) * 1.01e-5);
      assertThat(Formats.general(value)).hasSizeLessThanOrEqualTo(12);
    }
  }

  @Test
  void timesAreLocalWithMilliseconds() {
    assertThat(Formats.dateTime(1_700_000_000_123_456L, UTC)).isEqualTo("11/14/23 22:13:20.123");
    assertThat(Formats.dateTime(1_700_000_000_123_456L, ZoneOffset.ofHours(2)))
        .isEqualTo("11/15/23 00:13:20.123");
    assertThat(Formats.dateTime(951_782_400_000_000L, UTC)).isEqualTo("02/29/00 00:00:00.000");
  }

  @Test
  void paddingNeverCuts() {
    assertThat(Formats.padded("ab", 4)).isEqualTo("ab  ");
    assertThat(Formats.padded("abcde", 4)).isEqualTo("abcde");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "PrintMessage|02/29/00 00:00:00.000 a/b",
        "TraceMessage|-- 02/29/00 00:00:00.000 P: C: a/   b",
        "WarningMessage|!- 02/29/00 00:00:00.000 P: warning: a/   b",
        "ErrorMessage|!! 02/29/00 00:00:00.000 P: error: a/   b",
      })
  void logMessagesLookAsOnTheProcessItself(LogMessageType type, String text) {
    var message = new LogMessage(type, 951_782_400_000_000L, "C", "a\nb");
    assertThat(LogView.text("P", message, UTC))
        .isEqualTo(text.replace('/', '\n').replace("02\n29\n00", "02/29/00"));
  }

  @Test
  void aLogWithoutPrefixAndCategoryShowsNone() {
    var message = new LogMessage(LogMessageType.TraceMessage, 951_782_400_000_000L, "", "a");
    assertThat(LogView.text("", message, UTC)).isEqualTo("-- 02/29/00 00:00:00.000 a");
  }

  @Test
  void failuresAreDescribedInTheReferencesWords() {
    assertThat(Failures.describe(new ObjectExistsException(new Identity("n", "c"))))
        .isEqualTo("object `c/n' already exists");
    assertThat(Failures.describe(new DeploymentException("why")))
        .isEqualTo("::IceGrid::DeploymentException:\nwhy");
    assertThat(Failures.describe(new NodeUnreachableException("n", "why")))
        .isEqualTo("node `n' couldn't be reached:\nwhy");
    assertThat(Failures.describe(new AccessDeniedException("u")))
        .isEqualTo("couldn't update the registry, the session from `u' is updating the registry");
    assertThat(Failures.describe(new ServerStartException("s", "why")))
        .isEqualTo("the server didn't start successfully:\nwhy");
    assertThat(Failures.describe(new PatchException(new String[] {"a\nb"})))
        .isEqualTo("the patch failed:\na\nb");
    assertThat(Failures.describe(new PatchException(new String[] {"a\nb", "c"})))
        .isEqualTo("the patch failed on some nodes:\n- a\n    b\n- c");
  }

  @Test
  void localFailuresShowTheirTypeIdFirst() {
    assertThat(Failures.text(new ConnectionRefusedException(new java.net.ConnectException("no"))))
        .isEqualTo("::Ice::ConnectionRefusedException:\nno");
    assertThat(Failures.text(new ObjectNotExistException(new Identity("n", "c"), "f", "op")))
        .isEqualTo("::Ice::ObjectNotExistException:\nidentity: `c/n'\nfacet: f\noperation: op");
    assertThat(Failures.text(new com.zeroc.Ice.TimeoutException()))
        .isEqualTo("::Ice::TimeoutException");
  }
}
