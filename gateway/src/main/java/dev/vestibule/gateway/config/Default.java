package dev.vestibule.gateway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds when nobody says anything: read like what somebody wrote, so that what help says of it
 * is so.
 *
 * @param text as it could have been written; null where there is none or it depends
 * @param shown for a person to read
 */
record Default(@Nullable String text, String shown) {

  static Default is(Object value) {
    String text = value instanceof Duration time ? Form.Time.text(time) : String.valueOf(value);
    return new Default(text, text);
  }

  static Default depends(String shown) {
    return new Default(null, shown);
  }
}
