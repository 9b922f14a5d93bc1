package dev.vestibule.chat.web;

import dev.vestibule.chat.phases.Database;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Every error over HTTP: problem details (RFC 9457) in words for a person, and nothing of what went
 * wrong inside.
 */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> notReady(Database.NotReady e) {
    return answer(HttpStatus.SERVICE_UNAVAILABLE, "The database is not ready yet.", 1);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<ProblemDetail> anythingElse(Exception e) {
    if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
      // Nobody is there to be answered, and nothing went wrong here.
      return null;
    }
    System.getLogger(Problems.class.getName())
        .log(System.Logger.Level.ERROR, "a request failed", e);
    return answer(HttpStatus.INTERNAL_SERVER_ERROR, "Something failed here; it is in the log.", 0);
  }

  /** The answer; with Retry-After in seconds, unless that is zero. */
  static ResponseEntity<ProblemDetail> answer(HttpStatus status, String detail, long retryAfter) {
    HttpHeaders headers = new HttpHeaders();
    if (retryAfter > 0) {
      headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfter));
    }
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setTitle(status.getReasonPhrase());
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }

  /** The same, where Spring MVC is not reached; the detail is ours and needs no escaping. */
  static void write(HttpServletResponse response, HttpStatus status, @Nullable String detail)
      throws IOException {
    String body =
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(
                status.getReasonPhrase(),
                status.value(),
                detail == null ? status.getReasonPhrase() : detail);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
