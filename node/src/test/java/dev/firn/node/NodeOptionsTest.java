package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeOptionsTest {

  @Test
  void targetsEndBeforeTheNextOption() throws NodeConfigurationException {
    NodeOptions options = NodeOptions.parse(List.of("--deploy", "app.xml", "t1", "t2", "--nowarn"));
    assertThat(options.deploy()).isEqualTo("app.xml");
    assertThat(options.targets()).containsExactly("t1", "t2");
    assertThat(options.nowarn()).isTrue();
  }

  @Test
  void whatIsMissingOrUnknownIsNamed() {
    assertThatThrownBy(() -> NodeOptions.parse(List.of("--deploy")))
        .hasMessage("missing descriptor argument for option `--deploy'");
    assertThatThrownBy(() -> NodeOptions.parse(List.of("--initdb-from-replica")))
        .hasMessage("missing replica argument for option `--initdb-from-replica'");
    assertThatThrownBy(() -> NodeOptions.parse(List.of("--what")))
        .hasMessage("invalid option: `--what'");
  }

  @Test
  void whoAsksForHelpOrTheVersionGetsItWhateverFollows() throws NodeConfigurationException {
    assertThat(NodeOptions.parse(List.of("--nowarn", "-v", "--what")).version()).isTrue();
    NodeOptions help = NodeOptions.parse(List.of("--help", "-v", "--deploy"));
    assertThat(help.help()).isTrue();
    assertThat(help.version()).isFalse();
  }
}
