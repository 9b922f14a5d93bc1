@NullMarked
package dev.vestibule.clients;

import org.jspecify.annotations.NullMarked;
