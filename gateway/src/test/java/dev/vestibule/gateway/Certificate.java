package dev.vestibule.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vestibule.gateway.config.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for localhost, as the PEM files that the gateway reads. */
public final class Certificate {

  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "server";

  private final KeyStore store;
  private final Path directory;

  private Certificate(KeyStore store, Path directory) {
    this.store = store;
    this.directory = directory;
  }

  /** Made with the JDK's keytool in an empty directory. */
  public static Certificate in(Path directory) throws Exception {
    Path file = directory.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    if (made.waitFor() != 0) {
      throw new IOException("keytool: " + made.exitValue() + " (expected: 0)");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new Certificate(store, directory);
  }

  /** Its files. */
  public TlsSettings files() throws GeneralSecurityException, IOException {
    byte[] key = store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
    return new TlsSettings(
        pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()), pem("PRIVATE KEY", key));
  }

  private Path pem(String what, byte[] der) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
    return Files.write(directory.resolve(what.replace(' ', '-') + ".pem"), text.getBytes(US_ASCII));
  }

  /** A connection of a client that trusts it. */
  public Socket connect(int port) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
  }
}
