package dev.vestibule.gateway;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails each class of tests after which Netty finds a buffer that nobody released. JUnit loads it
 * by itself, before any test can have made a buffer; the build sets the detector to paranoid.
 */
public final class NoLeaks implements AfterAllCallback {

  private static final List<String> FOUND = new CopyOnWriteArrayList<>();
  private static final int ROUNDS = 3;

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
  }

  /** What was found since it was asked last. */
  static List<String> found() {
    for (int i = 0; i < ROUNDS; i++) {
      // Netty looks for what was collected when it hands out the next buffer.
      System.gc();
      ByteBufAllocator.DEFAULT.directBuffer(1).release();
    }
    List<String> found = new ArrayList<>(FOUND);
    FOUND.removeAll(found);
    return found;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    List<String> found = found();
    if (!found.isEmpty()) {
      throw new AssertionError(
          found.size() + " buffers leaked (expected: none), such as " + found.getFirst());
    }
  }

  private static final class Factory extends ResourceLeakDetectorFactory {
    // The one that is abstract; Netty asks the other.
    @SuppressWarnings("deprecation")
    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new Collecting<>(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new Collecting<>(resource, samplingInterval);
    }
  }

  private static final class Collecting<T> extends ResourceLeakDetector<T> {

    Collecting(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      FOUND.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      FOUND.add(resourceType);
    }
  }
}
