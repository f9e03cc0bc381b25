package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceInternal.Property;
import com.zeroc.IceInternal.PropertyNames;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuickPropertiesTest {
  private final Logger before = Util.getProcessLogger();

  @AfterEach
  void restoreLogger() {
    Util.setProcessLogger(before);
  }

  @Test
  void whateverNameIceKnowsIsSetAndWarnedOfAsByIce() {
    List<String> arguments = new ArrayList<>();
    for (Property[] group : PropertyNames.validProps) {
      for (int i = 0; group != null && group[i] != null; i++) {
        arguments.add("--" + group[i].pattern().replace("\\.", ".").replace("[^\\s]+", "x") + "=1");
      }
    }
    assertThat(arguments).hasSizeGreaterThan(500);

    assertThat(outcome(arguments, QuickProperties::create))
        .isEqualTo(outcome(arguments, Util::createProperties));
  }

  @Test
  void namesThatIceDoesNotKnowAreWarnedOfAsByIce() {
    List<String> arguments =
        List.of(
            "--IceGrid.Registry.ReplicName=a",
            "--IceGrid.registry.ReplicaName=b",
            "--Ice.MessageSizeMax=1",
            "--Ice.Nonsense=1",
            "--IceSSL.Nonsense.Size=2",
            "--Foreign.Size=3",
            "rest");

    Outcome outcome = outcome(arguments, QuickProperties::create);

    assertThat(outcome).isEqualTo(outcome(arguments, Util::createProperties));
    assertThat(outcome.warnings()).hasSizeGreaterThan(2);
    assertThat(outcome.properties()).contains("Ice.Nonsense=1", "Ice.MessageSizeMax=1");
  }

  @Test
  void afterwardsIceChecksAgain() {
    List<String> warnings = new ArrayList<>();
    Util.setProcessLogger(new Collecting(warnings));
    Properties properties = Util.createProperties();

    QuickProperties.unchecked(() -> properties.setProperty("Ice.Nonsense", "1"));
    assertThat(warnings).isEmpty();

    properties.setProperty("Ice.Nonsense", "2");
    assertThat(warnings).hasSize(1);
  }

  private record Outcome(List<String> rest, TreeSet<String> properties, TreeSet<String> warnings) {}

  private static Outcome outcome(
      List<String> arguments, BiFunction<String[], List<String>, Properties> create) {
    List<String> warnings = new ArrayList<>();
    Util.setProcessLogger(new Collecting(warnings));
    List<String> rest = new ArrayList<>();
    TreeSet<String> properties = new TreeSet<>();
    create
        .apply(arguments.toArray(new String[0]), rest)
        .getPropertiesForPrefix("")
        .forEach((name, value) -> properties.add(name + "=" + value));
    return new Outcome(rest, properties, new TreeSet<>(warnings));
  }

  private record Collecting(List<String> warnings) implements Logger {
    @Override
    public void print(String message) {}

    @Override
    public void trace(String category, String message) {}

    @Override
    public void warning(String message) {
      warnings.add(message);
    }

    @Override
    public void error(String message) {}

    @Override
    public String getPrefix() {
      return "";
    }

    @Override
    public Logger cloneWithPrefix(String prefix) {
      return this;
    }
  }
}
