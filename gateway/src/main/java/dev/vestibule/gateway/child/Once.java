package dev.vestibule.gateway.child;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks a supplier once, however often it is asked itself. */
final class Once implements Supplier<CompletionStage<?>> {

  private final Supplier<? extends CompletionStage<?>> supplier;
  private @Nullable CompletionStage<?> supplied;

  Once(Supplier<? extends CompletionStage<?>> supplier) {
    this.supplier = supplier;
  }

  @Override
  public synchronized CompletionStage<?> get() {
    if (supplied == null) {
      supplied = supplier.get();
    }
    return supplied;
  }
}
