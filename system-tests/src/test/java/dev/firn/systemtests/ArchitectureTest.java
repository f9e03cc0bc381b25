package dev.firn.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of the module layout: who may know whom, and what the cores must not touch. */
class ArchitectureTest {
  /** Modules in the order of dependency, each knowing only those before it; with its package. */
  private static final Map<String, String> MODULES = new LinkedHashMap<>();

  static {
    MODULES.put("model", "dev.firn.model");
    MODULES.put("core-election", "dev.firn.election");
    MODULES.put("core-replication", "dev.firn.replication");
    MODULES.put("core-server", "dev.firn.server");
    MODULES.put("core-component", "dev.firn.failover");
    MODULES.put("wire", "dev.firn.wire");
    MODULES.put("tls", "dev.firn.tls");
    MODULES.put("storage", "dev.firn.storage");
    MODULES.put("registry", "dev.firn.registry");
    MODULES.put("node", "dev.firn.node");
    MODULES.put("storm", "dev.firn.storm");
    MODULES.put("component", "dev.firn.component");
    MODULES.put("cli", "dev.firn.cli");
    MODULES.put("testkit", "dev.firn.testkit");
    MODULES.put("bench", "dev.firn.bench");
  }

  private static final String[] PURE = {
    "dev.firn.model",
    "dev.firn.election",
    "dev.firn.replication",
    "dev.firn.server",
    "dev.firn.failover"
  };

  private static final JavaClasses FIRN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.firn");

  /** Types that bring time, threads, the outside world or an order that differs between runs. */
  private static final Set<String> IMPURE_TYPES =
      Set.of(
          "java.lang.Thread",
          "java.lang.ProcessHandle",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.System$Logger",
          "java.security.SecureRandom",
          "java.time.Clock",
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.IdentityHashMap",
          "java.util.Timer",
          "java.util.WeakHashMap");

  /** Methods of otherwise innocent types, as {@code Type.method}. */
  private static final Set<String> IMPURE_METHODS =
      Set.of(
          "java.lang.Math.random",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.System.getLogger",
          "java.lang.System.identityHashCode",
          "java.time.Instant.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.util.Map.copyOf",
          "java.util.Map.entry",
          "java.util.Map.of",
          "java.util.Map.ofEntries",
          "java.util.Set.copyOf",
          "java.util.Set.of",
          "java.util.UUID.randomUUID",
          "java.util.stream.Collectors.groupingBy",
          "java.util.stream.Collectors.toMap",
          "java.util.stream.Collectors.toSet",
          "java.util.stream.Collectors.toUnmodifiableMap",
          "java.util.stream.Collectors.toUnmodifiableSet",
          "java.util.Collection.parallelStream");

  private static final List<String> IMPURE_PACKAGES =
      List.of(
          "com.zeroc.",
          "java.io.",
          "java.net.",
          "java.nio.file.",
          "java.nio.channels.",
          "java.util.concurrent.",
          "java.util.logging.",
          "org.lmdbjava.",
          "org.slf4j.");

  @Test
  void modulesKnowOnlyThoseBeforeThem() {
    List<String> packages = List.copyOf(MODULES.values());
    for (int i = 0; i < packages.size(); i++) {
      if (i + 1 < packages.size()) {
        String[] later =
            packages.subList(i + 1, packages.size()).stream()
                .map(p -> p + "..")
                .toArray(String[]::new);
        check(
            noClasses()
                .that()
                .resideInAPackage(packages.get(i) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(later));
      }
    }
  }

  @Test
  void everyModuleHasOneFlatPackage() {
    List<String> strays =
        FIRN.stream()
            .filter(type -> !isGenerated(type))
            .filter(type -> !MODULES.containsValue(type.getPackageName()))
            .map(JavaClass::getName)
            .toList();
    assertThat(strays).isEmpty();
    MODULES.forEach(
        (module, packageName) -> {
          List<String> elsewhere =
              FIRN.stream()
                  .filter(type -> type.getPackageName().equals(packageName))
                  .map(type -> type.getSource().orElseThrow().getUri().toString())
                  .filter(
                      uri -> !uri.contains("/" + module + "/") && !uri.contains("/firn-" + module))
                  .toList();
          assertThat(elsewhere).as(packageName + " is in module " + module).isEmpty();
        });
  }

  @Test
  void coresAndModelAreDeterministic() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should(ArchConditions.accessTargetWhere(impure())));
  }

  @Test
  void coresAndModelKnowNothingOfTheOutside() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(
                DescribedPredicate.describe(
                    "reach outside",
                    type ->
                        IMPURE_PACKAGES.stream()
                            .anyMatch(prefix -> isOutside(type.getName(), prefix)))));
  }

  @Test
  void theRulesSeeWhatTheyForbid() {
    // The rules say nothing if the modules' classes are not on the path.
    check(
        classes()
            .that()
            .resideInAPackage("dev.firn.model")
            .should()
            .resideInAPackage("dev.firn.model"));
    JavaClasses here = new ClassFileImporter().importClasses(ArchitectureTest.class);
    assertThat(
            noClasses()
                .should(ArchConditions.accessTargetWhere(impure()))
                .evaluate(here)
                .hasViolation())
        .isTrue();
  }

  /** Exceptions that are mere names for a failure are allowed. */
  private static boolean isOutside(String type, String prefix) {
    return type.startsWith(prefix) && !type.equals("java.io.Serializable");
  }

  private static DescribedPredicate<JavaAccess<?>> impure() {
    return DescribedPredicate.describe(
        "differs between runs",
        access -> {
          String owner = access.getTargetOwner().getName();
          return IMPURE_TYPES.contains(owner)
              || IMPURE_METHODS.contains(owner + "." + access.getName());
        });
  }

  private static boolean isGenerated(JavaClass type) {
    return type.getPackageName().startsWith("dev.firn.wire.");
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(false).check(FIRN);
  }
}
