package dev.vestibule.chat.model;

import dev.vestibule.chat.assistant.AnswerListener;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears an answer on one thread, and lets another wait for what it hears. */
final class Ear implements AnswerListener {

  private final BlockingQueue<String> news = new LinkedBlockingQueue<>();
  final List<String> all = new CopyOnWriteArrayList<>();
  private final StringBuilder text = new StringBuilder();
  volatile String answering = "model";
  volatile Runnable stop = () -> {};

  private void hear(String what) {
    all.add(what);
    news.add(what);
  }

  String text() {
    synchronized (text) {
      return text.toString();
    }
  }

  void forget() {
    synchronized (text) {
      text.setLength(0);
    }
  }

  /** Waits until something that contains this is heard; a guard ends a test that never hears it. */
  void await(String what) throws InterruptedException {
    while (true) {
      String heard = news.poll(60, TimeUnit.SECONDS);
      if (heard == null) {
        throw new AssertionError("not heard: " + what + "; heard: " + all);
      }
      if (heard.contains(what)) {
        return;
      }
    }
  }

  @Override
  public void thinking(String detail) {
    hear("thinking " + detail);
  }

  @Override
  public void toolExecuting(String tool, String title) {
    hear("executing " + tool);
  }

  @Override
  public void toolCompleted(String tool, String title, String result) {
    hear("completed " + tool + " " + result);
  }

  @Override
  public void delta(String more) {
    synchronized (text) {
      text.append(more);
    }
    hear("delta " + more);
  }

  @Override
  public void answering(String assistant) {
    answering = assistant;
  }

  @Override
  public void onStop(Runnable toStop) {
    stop = toStop;
  }
}
