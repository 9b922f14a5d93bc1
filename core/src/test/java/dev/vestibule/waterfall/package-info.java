@NullMarked
package dev.vestibule.waterfall;

import org.jspecify.annotations.NullMarked;
