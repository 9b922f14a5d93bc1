package dev.vestibule.chat.web;

import dev.vestibule.chat.signin.SessionTokens;
import dev.vestibule.jetty.Rejection;
import dev.vestibule.jetty.Screening;
import dev.vestibule.jetty.Screenings;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at before anybody is held: the Origin, and the session cookie. Neither needs the
 * database. Only signing in by password is anonymous by its nature.
 */
final class ChatScreening implements Screening {

  private static final Rejection NOT_SIGNED_IN = new Rejection(401, "Sign in first.");

  private final Screening origins;
  private final SessionTokens tokens;

  ChatScreening(Set<String> origins, SessionTokens tokens) {
    this.origins = Screenings.origins(origins);
    this.tokens = tokens;
  }

  @Override
  public @Nullable Rejection screen(Request request) {
    Rejection foreign = origins.screen(request);
    if (foreign != null) {
      return foreign;
    }
    String path = Request.getPathInContext(request);
    boolean anonymous = path.startsWith("/api/sign-in/");
    return anonymous || hasSession(request) ? null : NOT_SIGNED_IN;
  }

  private boolean hasSession(Request request) {
    for (HttpCookie cookie : Request.getCookies(request)) {
      if (cookie.getName().equals(SessionTokens.COOKIE)
          && tokens.check(cookie.getValue()) != null) {
        return true;
      }
    }
    return false;
  }
}
