import assert from "node:assert/strict";
import { test } from "node:test";
import { afterRestart, backoff } from "../../main/resources/static/app/backoff.js";

const almostOne = () => 0.999999;

test("the bound doubles from 0.5 s to 15 s", () => {
  const bounds = [0, 1, 2, 3, 4, 5, 6, 100].map((attempt) => backoff(attempt, almostOne));
  assert.deepEqual(bounds, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("the jitter is full: it begins at 0 and is even", () => {
  assert.equal(backoff(5, () => 0), 0);
  assert.equal(backoff(5, () => 0.5), 7_500);
});

test("a restart is followed by 0.5 to 1.5 s", () => {
  assert.equal(afterRestart(() => 0), 500);
  assert.equal(afterRestart(almostOne), 1500);
});
