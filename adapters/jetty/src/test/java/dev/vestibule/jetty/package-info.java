@NullMarked
package dev.vestibule.jetty;

import org.jspecify.annotations.NullMarked;
