import assert from "node:assert/strict";
import { test } from "node:test";
import { doorWords, duration, list, parseStartup, phaseWords, progress } from "../../main/resources/static/app/startup.js";
import { phase } from "./world.mjs";

test("an answer of something else than /startupz is null", () => {
  for (const body of [null, 1, {}, { state: "RUNNING" }, { state: "HELLO", phases: [] }]) assert.equal(parseStartup(body), null);
  const odd = { state: "RUNNING", elapsedMillis: 5, phases: [phase("a", "READY"), phase("b", "NEW_STATE"), null] };
  assert.deepEqual(parseStartup(odd).phases.map(({ name }) => name), ["a"]);
});

test("progress counts what stands in nobody's way", () => {
  const phases = [phase("a", "READY"), phase("b", "FAILED", { optional: true }), phase("c", "RUNNING"), phase("d", "PENDING")];
  assert.deepEqual(progress({ state: "RUNNING", elapsedMillis: 0, phases }), { done: 2, of: 4 });
  const failed = [phase("a", "READY"), phase("b", "FAILED"), phase("c", "SKIPPED")];
  assert.deepEqual(progress({ state: "FAILED", elapsedMillis: 0, phases: failed }), { done: 1, of: 3 });
});

test("a phase in words", () => {
  assert.equal(phaseWords(phase("a", "PENDING"), 900), "not yet started");
  assert.equal(phaseWords(phase("a", "RUNNING", { startedMillis: 100, attempt: 2 }), 900), "running, attempt 2, 800 ms");
  assert.equal(phaseWords(phase("a", "READY", { startedMillis: 100, endedMillis: 1400 }), 9000), "ready, 1.3 s");
  assert.equal(phaseWords(phase("a", "FAILED", { optional: true, endedMillis: 10 }), 0), "failed (not needed), 10 ms");
});

test("times and lists in words", () => {
  assert.deepEqual([4, 994, 996, 59_949, 61_000].map(duration), ["0 ms", "990 ms", "1.0 s", "59.9 s", "1 min 1 s"]);
  assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(list), ["", "a", "a and b", "a, b and c"]);
});

test("a failed startup names its phase, an optional failure does not count", () => {
  const phases = [phase("cache", "FAILED", { optional: true }), phase("database", "FAILED"), phase("services", "SKIPPED")];
  assert.match(doorWords({ state: "FAILED", elapsedMillis: 0, phases }).sentence, /phase “database” failed/);
});

test("no answer yet means starting", () => {
  assert.match(doorWords(null).sentence, /^The server is starting\. You are connected/);
});
