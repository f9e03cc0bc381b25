package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.Command;
import dev.firn.model.CommandResult;
import dev.firn.model.DefaultTemplates;
import dev.firn.model.DescriptorException;
import dev.firn.model.DescriptorFileException;
import dev.firn.model.DescriptorParser;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.Expansion;
import dev.firn.model.ParseLimits;
import dev.firn.model.RegistryTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with applications, in the words of ZeroC's registry, or in ours where {@code
 * rejected.txt} says so.
 */
class RejectionTest {
  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> saysWhatIsWrong() throws Exception {
    return examples().stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.name,
                    () -> assertThat(message(example.xml)).isEqualTo(example.expected())));
  }

  /** What our tools and registry say, empty if they accept it. */
  private String message(String xml) throws IOException {
    Path file = directory.resolve("a.xml");
    Files.writeString(
        file, "<icegrid>\n <application name=\"A\">\n  " + xml + "\n </application>\n</icegrid>\n");
    try {
      ApplicationDescriptor application =
          new DescriptorParser(
                  new DescriptorXml(DescriptorXml.Limits.DEFAULT),
                  DefaultTemplates.NONE,
                  ParseLimits.DEFAULT)
              .parse(file.toString(), List.of(), Map.of());
      ExpandedApplication expanded = Expansion.expand(application);
      ApplicationInfo info = new ApplicationInfo("uuid", 0, "", 0, "", 1, application);
      CommandResult added =
          new Command.AddApplication(ApplicationEntry.of(info, expanded))
              .applyTo(RegistryTables.EMPTY);
      if (added instanceof CommandResult.Rejected rejected) {
        return rejected.rejection().subject();
      }
      return String.join("\n", expanded.warnings());
    } catch (DescriptorException e) {
      return e.reason();
    } catch (DescriptorFileException e) {
      return String.valueOf(e.getMessage()).replace(directory.toString(), "");
    }
  }

  private static List<Example> examples() throws Exception {
    List<Example> examples = new ArrayList<>();
    for (String block :
        Files.readString(CorpusTest.resource("../rejected.txt")).split("\n(?=== )")) {
      if (block.startsWith("== ")) {
        examples.add(new Example(List.of(block.strip().split("\n"))));
      }
    }
    return examples;
  }

  /** A part of the file: name, XML, the reference's answer, and ours if it differs. */
  private static final class Example {
    final String name;
    final String xml;
    private final List<String> answer = new ArrayList<>();

    Example(List<String> lines) {
      name = lines.get(0).substring(3);
      StringBuilder contents = new StringBuilder();
      boolean inXml = true;
      for (String line : lines.subList(1, lines.size())) {
        if (line.startsWith("-- ")) {
          inXml = false;
          answer.clear();
        } else if (inXml) {
          contents.append(line).append('\n');
        } else {
          answer.add(line);
        }
      }
      xml = contents.toString().stripTrailing();
    }

    String expected() {
      return String.join("\n", answer);
    }
  }
}
