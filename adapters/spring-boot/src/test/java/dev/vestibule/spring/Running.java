package dev.vestibule.spring;

import dev.vestibule.Door;
import dev.vestibule.Gate;
import dev.vestibule.Startup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that starts on a thread of its own, on any port, while the test looks on. */
final class Running implements AutoCloseable, BeanPostProcessor {

  final App.LastStep lastStep = new App.LastStep();
  final Door door;
  private final CompletableFuture<Gate> gate = new CompletableFuture<>();
  private final CompletableFuture<ConfigurableApplicationContext> context =
      new CompletableFuture<>();

  private Running(VestibuleApplication application, String... args) throws Exception {
    this.door = Door.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    application.door(door).singleton("lastStep", lastStep).singleton("watch", this);
    Thread main = new Thread(() -> run(application, args), "main of the test");
    main.start();
  }

  static Running start(Class<?> application, String... args) throws Exception {
    return new Running(VestibuleApplication.of(application), args);
  }

  static Running start(VestibuleApplication application, String... args) throws Exception {
    return new Running(application, args);
  }

  private void run(VestibuleApplication application, String... args) {
    try {
      context.complete(application.run(args));
    } catch (RuntimeException | Error e) {
      context.completeExceptionally(e);
      gate.completeExceptionally(e);
    }
  }

  int port() {
    return door.port();
  }

  ConfigurableApplicationContext context() throws Exception {
    return context.get(30, TimeUnit.SECONDS);
  }

  Throwable failure() throws Exception {
    try {
      throw new AssertionError("expected a failure, got " + context.get(30, TimeUnit.SECONDS));
    } catch (ExecutionException | CompletionException e) {
      return java.util.Objects.requireNonNull(e.getCause());
    }
  }

  /** The gate, as soon as it is made. */
  Gate gate() throws Exception {
    return gate.get(30, TimeUnit.SECONDS);
  }

  /** The gate, which has been made. */
  Gate gateNow() {
    return gate.join();
  }

  void awaitWaiting(int count) throws Exception {
    Gate made = gate();
    Client.until(count + " waiting", () -> made.snapshot().waiting() == count);
  }

  Startup startup() throws Exception {
    return context().getBean(Startup.class);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof Gate made) {
      gate.complete(made);
    }
    return bean;
  }

  @Override
  public void close() {
    lastStep.finish();
    context.join().close();
  }
}
