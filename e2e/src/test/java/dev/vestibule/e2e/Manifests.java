package dev.vestibule.e2e;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads manifests into the types that are generated from Kubernetes' and Knative's schemas, as
 * strictly as an API server with {@code --validate=strict}: no unknown field, and no number or
 * boolean where a string is expected.
 */
final class Manifests {

  private static final ObjectMapper STRICT = strict();

  private Manifests() {}

  private static ObjectMapper strict() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .annotationIntrospector(new NothingMore());
    builder.withCoercionConfig(
        LogicalType.Textual,
        config -> {
          for (CoercionInputShape shape :
              List.of(
                  CoercionInputShape.Boolean,
                  CoercionInputShape.Integer,
                  CoercionInputShape.Float)) {
            config.setCoercion(shape, CoercionAction.Fail);
          }
        });
    return builder.build();
  }

  /** The types would keep what they do not know, for later versions of the API. */
  private static final class NothingMore extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  /**
   * The documents of a file, each of the type that goes with its kind.
   *
   * @throws IllegalArgumentException when one does not fit its type, or there is none for its kind
   */
  static List<Object> read(String yaml, Map<String, Class<?>> kinds) {
    List<Object> manifests = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      Map<?, ?> fields = (Map<?, ?>) document;
      String kind = fields.get("apiVersion") + "/" + fields.get("kind");
      Class<?> type = kinds.get(kind);
      if (type == null) {
        throw new IllegalArgumentException(kind + " (expected: one of " + kinds.keySet() + ")");
      }
      manifests.add(STRICT.convertValue(document, type));
    }
    return manifests;
  }
}
