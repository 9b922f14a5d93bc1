@NullMarked
package dev.vestibule.gateway.admin;

import org.jspecify.annotations.NullMarked;
