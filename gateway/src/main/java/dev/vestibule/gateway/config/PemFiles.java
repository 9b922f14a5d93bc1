package dev.vestibule.gateway.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the two files of TLS, so that what is wrong with them is known before clients come.
 */
final class PemFiles {

  private static final int LARGEST = 1024 * 1024;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([\\sA-Za-z0-9+/=]+)-----END PRIVATE KEY-----");

  private final Mistakes mistakes;

  PemFiles(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /** Null where TLS is not asked for or cannot be had. */
  @Nullable TlsSettings read(@Nullable Said certificates, @Nullable Said key) {
    if (certificates == null && key == null) {
      return null;
    }
    if (certificates == null || key == null) {
      if (certificates != null) {
        mistakes.add(certificates, "together with tls-key");
      } else if (key != null) {
        mistakes.add(key, "together with tls-cert");
      }
      return null;
    }
    PublicKey open = certificate(certificates);
    PrivateKey secret = key(key);
    if (open == null || secret == null) {
      return null;
    }
    if (!belong(open, secret)) {
      mistakes.add(key, "the key of " + certificates.text());
      return null;
    }
    return new TlsSettings(Path.of(certificates.text()), Path.of(key.text()));
  }

  private @Nullable PublicKey certificate(Said said) {
    byte[] bytes = bytes(said);
    if (bytes == null) {
      return null;
    }
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (!all.isEmpty()) {
        return all.iterator().next().getPublicKey();
      }
    } catch (GeneralSecurityException e) {
      // Said below.
    }
    mistakes.add(said, Key.TLS_CERT.form().expected());
    return null;
  }

  private @Nullable PrivateKey key(Said said) {
    byte[] bytes = bytes(said);
    if (bytes == null) {
      return null;
    }
    Matcher pem = KEY.matcher(new String(bytes, StandardCharsets.US_ASCII));
    if (pem.find()) {
      byte[] encoded = decoded(pem.group(1));
      for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
        try {
          return KeyFactory.getInstance(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
          // Perhaps the next.
        }
      }
    }
    mistakes.add(said, Key.TLS_KEY.form().expected());
    return null;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private byte @Nullable [] bytes(Said said) {
    try (InputStream in = Files.newInputStream(Path.of(said.text()))) {
      return in.readNBytes(LARGEST);
    } catch (IOException | InvalidPathException e) {
      mistakes.add(said, "a file that exists and that this user may read");
      return null;
    }
  }

  /** Whether what one signs the other takes for signed. */
  private static boolean belong(PublicKey open, PrivateKey secret) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] text = {1, 2, 3};
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(secret);
      signing.update(text);
      byte[] signature = signing.sign();
      Signature looking = Signature.getInstance(algorithm);
      looking.initVerify(open);
      looking.update(text);
      return looking.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
