@NullMarked
package dev.vestibule.spring;

import org.jspecify.annotations.NullMarked;
