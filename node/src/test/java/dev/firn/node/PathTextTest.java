package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTextTest {

  @ParameterizedTest
  @CsvSource({
    "/a//b///c,/a/b/c",
    "/a/./b,/a/b",
    "/../../a,/a",
    "./a,a",
    "/.,/",
    "/..,/",
    "/a/.,/a",
    "/a/,/a",
    "/,/",
    "/a/../b,/a/../b",
    "a/././b,a/b",
  })
  void simplifiesAsTheReference(String path, String simple) {
    assertThat(PathText.simplify(path)).isEqualTo(simple);
  }

  @Test
  void namesThatLeadElsewhereOrCannotBeWrittenAreNoFileNames() {
    for (String name : new String[] {"", ".", "..", "a/b", "/", "../x", "a\0b", "\ud800"}) {
      assertThat(PathText.isFileName(name)).as(name).isFalse();
    }
    for (String name : new String[] {"a", "...", "a b", "ä€", "-x", "a\\b"}) {
      assertThat(PathText.isFileName(name)).as(name).isTrue();
    }
  }
}
