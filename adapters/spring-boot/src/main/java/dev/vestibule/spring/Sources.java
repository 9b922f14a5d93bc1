package dev.vestibule.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/** Where values come from, as whoever wrote them would say. Safe for use by many threads. */
record Sources(Iterable<ConfigurationPropertySource> sources) {

  Sources(Environment environment) {
    this(ConfigurationPropertySources.get(environment));
  }

  /**
   * Where a key was given its value.
   *
   * @param key with its prefix
   * @param otherwise what to say when nobody has
   */
  String of(String key, String otherwise) {
    ConfigurationPropertyName name = ConfigurationPropertyName.of(key);
    for (ConfigurationPropertySource source : sources) {
      ConfigurationProperty property = source.getConfigurationProperty(name);
      if (property != null) {
        return said(property, property.getOrigin());
      }
    }
    return otherwise;
  }

  private static String said(ConfigurationProperty property, @Nullable Origin origin) {
    if (origin instanceof SystemEnvironmentOrigin variable) {
      return variable.getProperty();
    }
    if (!(origin instanceof PropertySourceOrigin written)) {
      return origin == null ? String.valueOf(property.getSource()) : origin.toString();
    }
    return switch (written.getPropertySource().getName()) {
      case CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME ->
          "argument --" + written.getPropertyName();
      case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME ->
          "system property " + written.getPropertyName();
      case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME -> written.getPropertyName();
      // A file's line, where the source knows it.
      default -> written.toString();
    };
  }
}
