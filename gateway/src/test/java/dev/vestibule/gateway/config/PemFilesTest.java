package dev.vestibule.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The certificates and keys were made for these tests, and are of no use elsewhere. */
class PemFilesTest {

  private static final String NO_KEY =
      " (expected: a PEM file with the PKCS#8 key of tls-cert, without a password)";

  private static String pem(String name) {
    return Path.of("src", "test", "resources", "pem", name).toString();
  }

  private static List<String> mistakes(String certificates, String key) {
    return Told.run().flag(Key.TLS_CERT, certificates).flag(Key.TLS_KEY, key).mistakes();
  }

  @Test
  void aCertificateAndItsKey() {
    Told told = Told.run().flag(Key.TLS_CERT, pem("a.crt")).flag(Key.TLS_KEY, pem("a.key"));
    assertThat(told.settings().tls())
        .isEqualTo(new TlsSettings(Path.of(pem("a.crt")), Path.of(pem("a.key"))));
    assertThat(told.source("tls-key")).isEqualTo("****** by --tls-key");
  }

  @Test
  void whatIsNoneOrNotItsKeyIsNamed() {
    assertThat(mistakes(pem("a.crt"), pem("b.key")))
        .containsExactly(
            "--tls-key: " + pem("b.key") + " (expected: the key of " + pem("a.crt") + ")");
    assertThat(mistakes(pem("a.key"), pem("a.crt")))
        .containsExactly(
            "--tls-cert: "
                + pem("a.key")
                + " (expected: a PEM file of certificates, together with tls-key)",
            "--tls-key: " + pem("a.crt") + NO_KEY);
    assertThat(mistakes(pem("a.crt"), pem("sec1.key")))
        .containsExactly("--tls-key: " + pem("sec1.key") + NO_KEY);
    assertThat(mistakes("none.crt", "none.key"))
        .containsExactly(
            "--tls-cert: none.crt (expected: a file that exists and that this user may read)",
            "--tls-key: none.key (expected: a file that exists and that this user may read)");
  }
}
