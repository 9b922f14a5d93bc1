package dev.vestibule.chat.assistant;

import java.util.UUID;

/**
 * What was asked.
 *
 * @param user who asks; tools see what is theirs alone
 * @param message the id of the message that asks
 * @param text what it says
 */
public record Question(String user, UUID message, String text) {}
