/** What the gateway shows of itself: probes, the admin side, metrics, the access log. */
@NullMarked
package dev.vestibule.gateway.admin;

import org.jspecify.annotations.NullMarked;
