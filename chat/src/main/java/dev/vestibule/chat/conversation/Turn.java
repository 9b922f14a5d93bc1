package dev.vestibule.chat.conversation;

import java.util.UUID;

/**
 * A user's message and the run that answers it, as stored. Immutable.
 *
 * @param conversation where it belongs
 * @param title the conversation's
 * @param question the message's id
 * @param answer the answer's id
 * @param run the run's id
 * @param isNew false when the message had been taken before, and nothing was stored now
 */
public record Turn(
    UUID conversation, String title, UUID question, UUID answer, UUID run, boolean isNew) {}
