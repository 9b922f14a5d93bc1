@NullMarked
package dev.vestibule.gateway.http;

import org.jspecify.annotations.NullMarked;
