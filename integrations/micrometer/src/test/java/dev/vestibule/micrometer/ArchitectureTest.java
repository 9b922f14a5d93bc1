package dev.vestibule.micrometer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What lets any adapter be measured. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.vestibule.micrometer");

  @Test
  void coreAndMicrometerAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.vestibule",
            "dev.vestibule.micrometer",
            "io.micrometer.core..",
            "java..",
            "org.jspecify.annotations..")
        .because("an adapter tells in the JDK's types, so that none needs another's server")
        .check(CLASSES);
  }

  @Test
  void timesAreToldAndNotTaken() {
    noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("the gate and the adapters know when somebody knocked")
        .check(CLASSES);
  }
}
