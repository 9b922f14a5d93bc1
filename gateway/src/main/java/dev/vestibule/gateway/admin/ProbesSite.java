package dev.vestibule.gateway.admin;

import java.util.concurrent.Executor;

/** Answers {@code /livez}, {@code /readyz} and {@code /startupz}, and nothing else. */
final class ProbesSite implements Site {

  private static final int MOST_BYTES = 1024;

  private final Availability availability;
  private final Executor aside;

  ProbesSite(Availability availability, Executor aside) {
    this.availability = availability;
    this.aside = aside;
  }

  @Override
  public int mostBytes() {
    return MOST_BYTES;
  }

  /** A probe is answered by an event loop, which shows that those work; a page takes longer. */
  @Override
  public Executor on(Asked asked) {
    return showsPage(asked) ? aside : Runnable::run;
  }

  private static boolean showsPage(Asked asked) {
    return asked.path().equals("/startupz") && asked.isGet() && asked.wantsPage();
  }

  @Override
  public Answer answer(Asked asked) {
    return switch (asked.path()) {
      case "/livez", "/readyz", "/startupz" ->
          asked.isGet() ? probe(asked) : Answer.notAllowed("GET, HEAD");
      default -> Answer.problem(404, "nothing is here");
    };
  }

  private Answer probe(Asked asked) {
    return switch (asked.path()) {
      case "/livez" -> said(true);
      case "/readyz" -> said(availability.isReady());
      default -> startup(asked);
    };
  }

  private static Answer said(boolean well) {
    return Answer.json(status(well), well ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
  }

  private Answer startup(Asked asked) {
    Overview overview = Overview.of(availability);
    int status = status(overview.started());
    if (!showsPage(asked)) {
      return Answer.json(status, overview.toJson());
    }
    return OverviewPage.get().publicly(status, overview);
  }

  private static int status(boolean well) {
    return well ? 200 : 503;
  }
}
