/** The outer side: requests are read, screened, held, and passed on. */
@NullMarked
package dev.vestibule.gateway.http;

import org.jspecify.annotations.NullMarked;
