package dev.vestibule;

/** The outcome of an arrival: {@link Admitted} or {@link Refused}. */
public sealed interface Admission permits Admitted, Refused {}
