package dev.ladera.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walls between the modules, on the classes themselves. */
class ArchitectureTest {
  /** Each sibling, with the fewest classes that it may shrink to before this test is looked at. */
  private static final Map<String, Integer> SIBLINGS =
      new TreeMap<>(
          Map.of(
              "dev.ladera.autograd", 15,
              "dev.ladera.nn", 50,
              "dev.ladera.optim", 15,
              "dev.ladera.data", 20,
              "dev.ladera.io", 15,
              "dev.ladera.testkit", 10,
              "dev.ladera.backend.cpu", 50,
              "dev.ladera.backend.cuda", 40,
              // Held to the rules only where its large libraries are on the class path.
              "dev.ladera.backend.nd4j", 0));

  private static final List<String> API = List.of("dev.ladera", "dev.ladera.op", "dev.ladera.spi");

  private static JavaClasses all;

  @BeforeAll
  static void importClasses() {
    all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.ladera");
  }

  private static Stream<JavaClass> in(String sibling) {
    return all.stream().filter(type -> belongs(type, sibling));
  }

  private static boolean belongs(JavaClass type, String sibling) {
    return (type.getPackageName() + ".").startsWith(sibling + ".");
  }

  @Test
  void siblingsSeeOnlyTheApi() {
    for (String sibling : SIBLINGS.keySet()) {
      noClasses()
          .that(describe("are in " + sibling, type -> belongs(type, sibling)))
          .should()
          .dependOnClassesThat(
              describe(
                  "are Ladera's, but neither the api's nor of " + sibling,
                  type ->
                      belongs(type, "dev.ladera")
                          && !API.contains(type.getPackageName())
                          && !belongs(type, sibling)))
          .allowEmptyShould(true)
          .check(all);
    }
  }

  @Test
  void theApiSeesNobody() {
    noClasses()
        .that(describe("are the api's", type -> API.contains(type.getPackageName())))
        .should()
        .dependOnClassesThat(
            describe(
                "are a sibling's",
                type -> belongs(type, "dev.ladera") && !API.contains(type.getPackageName())))
        .check(all);
  }

  @Test
  void nobodyCallsTheCollector() {
    noClasses().should().callMethod(System.class, "gc").check(all);
    noClasses().should().callMethod(Runtime.class, "gc").check(all);
  }

  @Test
  void thereIsNoStaticMutableState() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat(describe("are Ladera's", type -> belongs(type, "dev.ladera")))
        .should()
        .beFinal()
        .check(all);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .that(describe("describe a package", type -> type.getSimpleName().equals("package-info")))
        .should()
        .beAnnotatedWith(NullMarked.class)
        .check(all);
    List<String> described =
        all.stream()
            .filter(type -> type.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .toList();
    assertThat(described)
        .containsAll(
            all.stream()
                .filter(type -> !type.getSimpleName().equals("module-info"))
                .map(JavaClass::getPackageName)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList());
  }

  @Test
  void noPublicSignatureShowsALibrary() {
    List<String> shown =
        all.stream()
            .filter(type -> !belongs(type, "dev.ladera.examples"))
            .filter(type -> !belongs(type, "dev.ladera.testkit"))
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .flatMap(type ->
                Stream.concat(
                    type.getCodeUnits().stream()
                        .filter(unit -> isOpen(unit.getModifiers()))
                        .flatMap(ArchitectureTest::signature),
                    type.getFields().stream()
                        .filter(field -> isOpen(field.getModifiers()))
                        .map(JavaField::getRawType)))
            .map(type -> type.getBaseComponentType().getPackageName())
            .filter(name ->
                !name.isEmpty() && !name.startsWith("java.") && !name.startsWith("dev.ladera"))
            .distinct()
            .toList();
    assertThat(shown).isEmpty();
  }

  private static boolean isOpen(java.util.Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> signature(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream());
  }

  @Test
  void allOfItWasLookedAt() {
    SIBLINGS.forEach((sibling, least) ->
        assertThat(in(sibling).count()).as(sibling).isGreaterThanOrEqualTo(least));
    assertThat(all.stream().filter(type -> API.contains(type.getPackageName())).count())
        .isGreaterThanOrEqualTo(80);
  }
}
