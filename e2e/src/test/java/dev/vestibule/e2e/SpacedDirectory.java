package dev.vestibule.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** A directory whose name has a space, which careless scripts split. */
final class SpacedDirectory implements TempDirFactory {

  @Override
  public Path createTempDirectory(
      AnnotatedElementContext annotated, ExtensionContext extensionContext)
      throws java.io.IOException {
    return Files.createTempDirectory("vestibule dist ");
  }
}
