package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * HAProxy, nginx and Caddy, each as it should be set up for this: the same threads, nothing logged.
 */
enum Peer {
  /**
   * A connection that is refused is tried again after the least of {@code timeout connect} and 1 s
   * (its manual, "retries"): with 100 ms it polls as Caddy does.
   */
  HAPROXY(
      "HAProxy",
      "haproxy",
      true,
      "-v",
      "-db -q -f haproxy.cfg",
      """
      global
        nbthread %3$d
        maxconn 9900
      defaults
        mode http
        timeout client 60s
        timeout server 60s
        timeout connect 100ms
        timeout queue 30s
        timeout tunnel 1h
        retries 300
      frontend door
        bind 127.0.0.1:%1$d backlog 4096
        default_backend app
      backend app
        server app 127.0.0.1:%2$d
      """),
  /** Its buffers take a whole message of 16 KiB and its head, so that none is carried in parts. */
  NGINX(
      "nginx",
      "nginx",
      false,
      "-v",
      "-p . -e error.log -c nginx.conf",
      """
      daemon off;
      worker_processes %3$d;
      worker_rlimit_nofile 20000;
      error_log error.log crit;
      pid nginx.pid;
      events { worker_connections 15000; }
      http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        server {
          listen 127.0.0.1:%1$d backlog=4096;
          location / {
            proxy_pass http://127.0.0.1:%2$d;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_buffer_size 20k;
            proxy_buffers 8 20k;
            proxy_busy_buffers_size 40k;
            proxy_read_timeout 1h;
            proxy_send_timeout 1h;
          }
        }
      }
      """),
  /** Tries again every 100 ms, for 30 s. */
  CADDY(
      "Caddy",
      "caddy",
      true,
      "version",
      "run --config Caddyfile --adapter caddyfile",
      """
      {
        admin off
        auto_https off
        log {
          output discard
        }
      }
      http://:%1$d {
        bind 127.0.0.1
        reverse_proxy 127.0.0.1:%2$d {
          lb_try_duration 30s
          lb_try_interval 100ms
        }
      }
      """);

  private final String title;
  private final String binary;
  private final boolean holds;
  private final String versionArgument;
  private final String arguments;
  private final String configuration;

  Peer(
      String title,
      String binary,
      boolean holds,
      String versionArgument,
      String arguments,
      String configuration) {
    this.title = title;
    this.binary = binary;
    this.holds = holds;
    this.versionArgument = versionArgument;
    this.arguments = arguments;
    this.configuration = configuration;
  }

  /** The name of its program, and of its package in Debian. */
  String binary() {
    return binary;
  }

  /** With it, the program says its version and ends. */
  String versionArgument() {
    return versionArgument;
  }

  /** As it was found on this machine. */
  Program found(Path program, String version, Map<String, String> environment) {
    return new Found(this, program, version, environment);
  }

  private record Found(Peer peer, Path program, String version, Map<String, String> environment)
      implements Program {
    @Override
    public String name() {
      return peer.title;
    }

    @Override
    public boolean holds() {
      return peer.holds;
    }

    @Override
    public Launch launch(Path place, int port, int upstream) throws IOException {
      List<String> words = new ArrayList<>();
      words.add(program.toString());
      words.addAll(List.of(peer.arguments.split(" ", -1)));
      Files.writeString(
          place.resolve(file()),
          peer.configuration.formatted(port, upstream, Runtime.getRuntime().availableProcessors()));
      Map<String, String> all = new HashMap<>(environment);
      all.put("HOME", place.toString());
      all.put("XDG_DATA_HOME", place.toString());
      all.put("XDG_CONFIG_HOME", place.toString());
      return new Launch(words, all);
    }

    private String file() {
      return switch (peer) {
        case HAPROXY -> "haproxy.cfg";
        case NGINX -> "nginx.conf";
        case CADDY -> "Caddyfile";
      };
    }
  }
}
