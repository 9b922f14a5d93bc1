/** Shows a startup to people and programs: a page with a bar for each phase, and JSON. */
@NullMarked
package dev.vestibule.waterfall;

import org.jspecify.annotations.NullMarked;
