package dev.vestibule.chat.web;

import dev.vestibule.chat.House;
import dev.vestibule.chat.conversation.Conversations;
import dev.vestibule.chat.signin.Session;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What was said; see {@code docs/chat-protocol.md}. */
@RestController
class ConversationController {

  private final House house;

  ConversationController(House house) {
    this.house = house;
  }

  @GetMapping("/api/conversations")
  List<Conversations.Summary> list(@AuthenticationPrincipal Session session) {
    return house.conversations().list(session.user());
  }

  @GetMapping("/api/conversations/{id}")
  ResponseEntity<?> one(@AuthenticationPrincipal Session session, @PathVariable String id) {
    Optional<Conversations.Whole> found =
        uuid(id).flatMap(known -> house.conversations().find(session.user(), known));
    if (found.isEmpty()) {
      return Problems.answer(HttpStatus.NOT_FOUND, "There is no such conversation among yours.", 0);
    }
    return ResponseEntity.ok(found.get());
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
