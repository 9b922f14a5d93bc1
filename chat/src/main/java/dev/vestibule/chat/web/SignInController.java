package dev.vestibule.chat.web;

import dev.vestibule.chat.House;
import dev.vestibule.chat.signin.Passwords;
import dev.vestibule.chat.signin.Session;
import dev.vestibule.chat.signin.SessionTokens;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Signing in and out; see {@code docs/chat-protocol.md}. */
@RestController
class SignInController {

  private final House house;

  SignInController(House house) {
    this.house = house;
  }

  record Link(@Nullable String token) {}

  record NameAndPassword(@Nullable String name, @Nullable String password) {}

  @GetMapping("/api/me")
  Map<String, String> me(@AuthenticationPrincipal Session session) {
    return Map.of("name", session.user());
  }

  @PostMapping("/api/sign-in/link")
  ResponseEntity<?> byLink(@RequestBody Link link, HttpServletRequest request) {
    String user = link.token() == null ? null : house.links().redeem(link.token());
    return user == null
        ? Problems.answer(
            HttpStatus.UNAUTHORIZED, "This link is unknown, was used, or is too old.", 0)
        : signedIn(user, request);
  }

  @PostMapping("/api/sign-in/password")
  ResponseEntity<?> byPassword(@RequestBody NameAndPassword said, HttpServletRequest request) {
    if (said.name() == null || said.password() == null) {
      return Problems.answer(HttpStatus.BAD_REQUEST, "Expected a name and a password.", 0);
    }
    Passwords.Outcome outcome =
        house.passwords().check(said.name(), said.password(), request.getRemoteAddr());
    return switch (outcome) {
      case Passwords.Right right -> signedIn(right.user(), request);
      case Passwords.Wrong wrong ->
          Problems.answer(HttpStatus.UNAUTHORIZED, "The name or the password is wrong.", 0);
      case Passwords.TooMany many ->
          Problems.answer(
              HttpStatus.TOO_MANY_REQUESTS,
              "Too many wrong attempts; try again later.",
              Math.max(1, many.retryAfter().plusMillis(999).toSeconds()));
    };
  }

  @PostMapping("/api/sign-out")
  ResponseEntity<?> signOut(@Nullable Authentication authentication, HttpServletRequest request) {
    if (authentication != null && authentication.getPrincipal() instanceof Session session) {
      house.revocations().revoke(session);
      house.sockets().signOut(session);
    }
    return ResponseEntity.noContent()
        .header(HttpHeaders.SET_COOKIE, cookie("", Duration.ZERO, request))
        .build();
  }

  private ResponseEntity<?> signedIn(String user, HttpServletRequest request) {
    return ResponseEntity.noContent()
        .header(
            HttpHeaders.SET_COOKIE,
            cookie(house.tokens().issue(user), SessionTokens.LIFETIME, request))
        .build();
  }

  private static String cookie(String value, Duration age, HttpServletRequest request) {
    // Behind a proxy that ends TLS the request is plain, but its Origin, which has passed the
    // allowlist, tells how the page was served.
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    boolean secure = request.isSecure() || (origin != null && origin.startsWith("https://"));
    return ResponseCookie.from(SessionTokens.COOKIE, value)
        .httpOnly(true)
        .secure(secure)
        .sameSite("Lax")
        .path("/")
        .maxAge(age)
        .build()
        .toString();
  }
}
