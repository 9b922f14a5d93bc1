package dev.vestibule;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keeps the core small and its tests free of sleeping; each rule says why it is there. */
class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.vestibule")
          .that(
              DescribedPredicate.not(
                  JavaClass.Predicates.resideInAPackage("dev.vestibule.testkit..")));

  @Test
  void theJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.vestibule..", "java..", "org.jspecify.annotations..")
        .because("whoever adds Vestibule to a service must not get anybody else's versions with it")
        .check(CORE);
  }

  @Test
  void onlySystemTimeReadsTheClock() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.vestibule.SystemTime")
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "reads a clock or makes a thread wait for one",
                call -> readsClock(call.getTargetOwner().getFullName(), call.getName())))
        .because("tests turn time by hand, and what reads the clock itself cannot be tested so")
        .check(CORE);
  }

  private static boolean readsClock(String owner, String method) {
    return switch (owner) {
      case "java.lang.System" -> method.equals("nanoTime") || method.equals("currentTimeMillis");
      case "java.lang.Thread" -> method.equals("sleep");
      case "java.util.concurrent.locks.LockSupport" -> method.startsWith("parkNanos");
      case "java.time.Clock" -> true;
      default -> owner.startsWith("java.time.") && method.equals("now");
    };
  }

  @Test
  void noCycles() {
    slices()
        .matching("dev.(**)")
        .should()
        .beFreeOfCycles()
        .because("packages that need each other are one package")
        .check(CORE);
  }

  @Test
  void thePublicPartShowsNothingHidden() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .arePublic()
        .should(showOnlyPublicTypes())
        .because("a caller cannot name a type that it cannot see")
        .check(CORE);
  }

  private static ArchCondition<JavaMethod> showOnlyPublicTypes() {
    return new ArchCondition<>("show only public types") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        Stream.of(
                Stream.of(method.getReturnType()),
                method.getParameterTypes().stream(),
                method.getTypeParameters().stream())
            .flatMap(types -> types)
            .flatMap(type -> type.getAllInvolvedRawTypes().stream())
            .filter(type -> type.getPackageName().startsWith("dev.vestibule"))
            .filter(type -> !type.getModifiers().contains(PUBLIC))
            .forEach(hidden ->
                events.add(
                    SimpleConditionEvent.violated(
                        method, method.getFullName() + " shows " + hidden.getName())));
      }
    };
  }

  @Test
  void namesSayWhatThingsAre() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Validator|Orchestrator)")
        .because("such a name fits anything, and so collects everything")
        .check(CORE);
  }
}
