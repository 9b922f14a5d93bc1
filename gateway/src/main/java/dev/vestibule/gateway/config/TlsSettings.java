package dev.vestibule.gateway.config;

import java.nio.file.Path;

/**
 * TLS on the outer side.
 *
 * @param certificates PEM file: the certificate, then those that signed it
 * @param key PEM file: the private key, PKCS#8, without a password
 */
public record TlsSettings(Path certificates, Path key) {}
