package dev.firn.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** How values are shown. */
final class Formats {

  private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  private Formats() {}

  static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  /** A number with up to six significant digits, as C's {@code %g} shows it. */
  static String general(float value) {
    if (Float.isNaN(value)) {
      return "nan";
    } else if (Float.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    } else if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return rounded.toPlainString();
    }
    String mantissa = rounded.movePointLeft(exponent).toPlainString();
    String digits = Integer.toString(Math.abs(exponent));
    return mantissa + (exponent < 0 ? "e-" : "e+") + (digits.length() < 2 ? "0" + digits : digits);
  }

  /** Local time as {@code MM/DD/YY HH:MM:SS.mmm}. */
  static String dateTime(long epochMicros, ZoneId zone) {
    ZonedDateTime time = Instant.ofEpochMilli(Math.floorDiv(epochMicros, 1000L)).atZone(zone);
    return digits(time.getMonthValue(), 2)
        + "/"
        + digits(time.getDayOfMonth(), 2)
        + "/"
        + digits(time.getYear() % 100, 2)
        + " "
        + digits(time.getHour(), 2)
        + ":"
        + digits(time.getMinute(), 2)
        + ":"
        + digits(time.getSecond(), 2)
        + "."
        + digits(time.getNano() / 1_000_000, 3);
  }

  private static String digits(int value, int width) {
    String text = Integer.toString(value);
    return "0".repeat(Math.max(0, width - text.length())) + text;
  }
}
