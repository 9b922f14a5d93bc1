package dev.vestibule.chat.signin;

import java.security.Principal;
import java.time.Instant;

/**
 * What a valid cookie says. Immutable.
 *
 * @param user the user's name
 * @param id names this sign-in alone, so that it can be revoked
 * @param expires when it ends
 */
public record Session(String user, String id, Instant expires) implements Principal {

  @Override
  public String getName() {
    return user;
  }
}
