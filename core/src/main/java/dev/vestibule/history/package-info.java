/**
 * What past startups took, kept in one small file, and what follows from it: how much longer this
 * one is going to take, and how long a phase may take.
 */
@NullMarked
package dev.vestibule.history;

import org.jspecify.annotations.NullMarked;
