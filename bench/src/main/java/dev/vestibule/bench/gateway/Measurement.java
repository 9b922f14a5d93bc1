package dev.vestibule.bench.gateway;

import java.util.List;

/** One kind of measurement. */
interface Measurement {

  /** Carries it out, all programs in turn. */
  List<Figure> measure(Setting setting) throws Exception;
}
