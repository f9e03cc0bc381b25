package dev.firn.bench;

import java.util.List;
import java.util.Locale;

/** Prints results as tables for people. */
final class TextReport {
  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private TextReport(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    var report = new TextReport(results);
    report.environment();
    report.lookups();
    report.memory();
    report.updates();
    report.syncs();
    return report.out.toString();
  }

  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }

  private void environment() {
    line(
        "%d processors, client: Java %s",
        Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"));
    for (var kind : results.servers()) {
      String flags = results.jvmFlags().getOrDefault(kind, "");
      if (!flags.isEmpty()) {
        line("%s: %s", kind.label(), flags);
      }
    }
  }

  private void lookups() {
    String section = "";
    for (var cell : results.lookups()) {
      String title = cell.operation().sliceName() + ", " + cell.entries() + " entries";
      if (!title.equals(section)) {
        section = title;
        line("");
        line("%s (us: CPU time of the server for an answer, microseconds)", title);
        var heading = new StringBuilder(String.format(Locale.ROOT, "%-15s", "answers/s"));
        results.servers().forEach(kind -> heading.append(column(kind.label(), 10)));
        pairs().forEach(pair -> heading.append(column(pair.label(), 22)));
        results.servers().forEach(kind -> heading.append(column("us " + kind.label(), 14)));
        line("%s", heading);
      }
      var row = new StringBuilder(String.format(Locale.ROOT, "%-15s", cell.shape().label()));
      for (var kind : results.servers()) {
        row.append(column(number("%.0f", Spread.of(cell.perSecond(kind)).median()), 10));
      }
      for (var pair : pairs()) {
        row.append(
            column(
                ratio(Spread.ofRatios(cell.perSecond(pair.over()), cell.perSecond(pair.base()))),
                22));
      }
      for (var kind : results.servers()) {
        row.append(column(number("%.1f", Spread.of(cell.cpuMicros(kind)).median()), 14));
      }
      line("%s", row);
    }
  }

  private record Pair(ServerKind over, ServerKind base) {
    String label() {
      return over.label() + "/" + base.label();
    }
  }

  private List<Pair> pairs() {
    return List.of(
            new Pair(ServerKind.FIRN, ServerKind.REFERENCE),
            new Pair(ServerKind.FIRN, ServerKind.NOOP),
            new Pair(ServerKind.NOOP, ServerKind.REFERENCE))
        .stream()
        .filter(
            pair ->
                results.servers().contains(pair.over()) && results.servers().contains(pair.base()))
        .toList();
  }

  private void memory() {
    if (results.memory().isEmpty()) {
      return;
    }
    line("");
    line("resident memory, MB: at rest and after the load, with few and with many entries");
    line(
        "%-15s%10s%10s%10s%10s%13s",
        "", "rest few", "rest many", "load few", "load many", "bytes/entry");
    for (var memory : results.memory()) {
      line(
          "%-15s%10.1f%10.1f%10.1f%10.1f%13s",
          memory.kind().label(),
          memory.idle() / 1024.0,
          memory.idleLarge() / 1024.0,
          memory.loaded() / 1024.0,
          memory.loadedLarge() / 1024.0,
          memory.kind().isRegistry() ? number("%.0f", memory.bytesPerEntry()) : "-");
    }
  }

  private void updates() {
    if (results.updates().isEmpty()) {
      return;
    }
    line("");
    line("acknowledged updates/s, 64 outstanding: median (min..max)");
    line("%-15s%25s%25s", "", "objects", "adapters");
    for (var update : results.updates()) {
      line(
          "%-15s%25s%25s",
          update.kind().label(),
          spread("%.0f", Spread.of(update.objects())),
          spread("%.0f", Spread.of(update.adapters())));
    }
  }

  private void syncs() {
    if (results.syncs().isEmpty()) {
      return;
    }
    line("");
    line("start of a fresh slave, seconds: median (min..max)");
    line("%-15s%25s%25s%25s", "", "empty master", "full master", "sync (difference)");
    for (var sync : results.syncs()) {
      line(
          "%-15s%25s%25s%25s",
          sync.kind().label(),
          spread("%.3f", Spread.of(sync.emptySeconds())),
          spread("%.3f", Spread.of(sync.fullSeconds())),
          spread("%.3f", Spread.of(sync.syncSeconds())));
    }
  }

  private static String column(String text, int width) {
    return " ".repeat(Math.max(1, width - text.length())) + text;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String ratio(Spread spread) {
    return spread("%.2f", spread);
  }

  private static String spread(String format, Spread spread) {
    return number(format, spread.median())
        + " ("
        + number(format, spread.min())
        + ".."
        + number(format, spread.max())
        + ")";
  }
}
