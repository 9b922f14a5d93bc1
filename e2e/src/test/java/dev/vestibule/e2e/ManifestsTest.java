package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifests in {@code deploy/}: of the right form, and each part fits the others. */
class ManifestsTest {

  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Path SIDECAR = DEPLOY.resolve("kubernetes/sidecar.yaml");
  private static final Path CLOUD_RUN = DEPLOY.resolve("cloud-run/service.yaml");
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "apps/v1/Deployment", Deployment.class,
          "v1/Service", io.fabric8.kubernetes.api.model.Service.class,
          "serving.knative.dev/v1/Service", io.fabric8.knative.serving.v1.Service.class);

  @Test
  void theSidecarFitsTogether() throws IOException {
    List<Object> manifests = Manifests.read(Files.readString(SIDECAR), KINDS);
    Deployment deployment = (Deployment) manifests.get(0);
    var service = (io.fabric8.kubernetes.api.model.Service) manifests.get(1);
    PodSpec pod = deployment.getSpec().getTemplate().getSpec();
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();

    assertThat(labels)
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(service.getSpec().getSelector());
    Set<Object> ports = ports(pod);
    for (ServicePort port : service.getSpec().getPorts()) {
      assertThat(ports).contains(port.getTargetPort().getValue());
    }
    for (Probe probe : probes(pod)) {
      assertThat(ports).contains(probe.getHttpGet().getPort().getValue());
    }
    Set<String> volumes =
        pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
    for (Container container : pod.getContainers()) {
      assertThat(container.getVolumeMounts().stream().map(VolumeMount::getName))
          .isSubsetOf(volumes);
      assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
      assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(container.getResources().getLimits()).containsKey("memory");
    }
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
  }

  @Test
  void theServerOutlivesItsGatewayWithinThePodsTime() throws IOException {
    PodSpec pod =
        ((Deployment) Manifests.read(Files.readString(SIDECAR), KINDS).get(0))
            .getSpec()
            .getTemplate()
            .getSpec();
    Container server = pod.getContainers().get(1);
    assertThat(server.getLifecycle().getPreStop().getSleep().getSeconds())
        .as("the drain delay on Kubernetes, 5 s, and the grace, 30 s")
        .isGreaterThan(35)
        .isLessThan(pod.getTerminationGracePeriodSeconds());
  }

  @Test
  void cloudRunAsksTheListenerForProbesAlone() throws IOException {
    var service =
        (io.fabric8.knative.serving.v1.Service)
            Manifests.read(Files.readString(CLOUD_RUN), KINDS).get(0);
    var revision = service.getSpec().getTemplate().getSpec();
    assertThat(revision.getContainers()).hasSize(1);
    Container container = revision.getContainers().get(0);
    assertThat(container.getPorts()).hasSize(1);
    assertThat(container.getCommand()).containsSequence("--probes", ":9090");
    for (Probe probe : List.of(container.getStartupProbe(), container.getLivenessProbe())) {
      assertThat(probe.getHttpGet().getPort().getValue()).isEqualTo(9090);
    }
    Probe startup = container.getStartupProbe();
    assertThat(startup.getHttpGet().getPath()).isEqualTo("/startupz");
    assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold())
        .as("seconds that Cloud Run allows")
        .isLessThanOrEqualTo(240);
    assertThat(revision.getTimeoutSeconds()).isEqualTo(3600);
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes/sidecar.yaml, readinessProbe:, readynessProbe:",
    "kubernetes/sidecar.yaml, allowPrivilegeEscalation: false, allowPrivilegeEscalation: none",
    "kubernetes/sidecar.yaml, 'PORT, value: \"8081\"', 'PORT, value: 8081'",
    "kubernetes/sidecar.yaml, targetPort:, targetport:",
    "cloud-run/service.yaml, containerConcurrency:, containerConcurency:",
    "cloud-run/service.yaml, startup-cpu-boost: \"true\", startup-cpu-boost: true",
    "cloud-run/service.yaml, failureThreshold: 3, failureTreshold: 3",
  })
  void aMistakeIsFound(String file, String right, String wrong) throws IOException {
    String manifest = Files.readString(DEPLOY.resolve(file));
    assertThat(manifest).contains(right);
    assertThatThrownBy(() -> Manifests.read(manifest.replace(right, wrong), KINDS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Set<Object> ports(PodSpec pod) {
    return pod.getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .map(ContainerPort::getName)
        .collect(Collectors.toSet());
  }

  private static List<Probe> probes(PodSpec pod) {
    List<Probe> probes = new ArrayList<>();
    for (Container container : pod.getContainers()) {
      Stream.of(
              container.getStartupProbe(),
              container.getReadinessProbe(),
              container.getLivenessProbe())
          .filter(Objects::nonNull)
          .forEach(probes::add);
    }
    assertThat(probes).hasSize(3);
    return probes;
  }
}
