import assert from "node:assert/strict";
import { test } from "node:test";
import { untilReady, watchStartup } from "../../main/resources/static/app/door.js";
import { ManualClock, settle } from "./world.mjs";

const running = { state: "RUNNING", elapsedMillis: 1, phases: [] };
const busy = Object.assign(new Error("starting"), { status: 503, retryAfter: 2 });

test("a 503 is tried again after its Retry-After, with the phases shown meanwhile", async () => {
  const clock = new ManualClock();
  const heard = [];
  let attempts = 0;
  const attempt = async () => {
    if (++attempts < 3) throw busy;
    return "in";
  };
  const outcome = untilReady(attempt, { clock, ask: async () => running, heard: (startup) => heard.push(startup) });
  await clock.advance(1999);
  assert.equal(attempts, 1);
  assert.ok(heard.length > 3);
  await clock.advance(2001);
  assert.equal(await outcome, "in");
  const before = heard.length;
  await clock.advance(5000);
  assert.equal(heard.length, before);
  assert.equal(clock.timers, 0);
});

test("an answer that comes soon shows no door", async () => {
  const clock = new ManualClock();
  const outcome = await untilReady(async () => 1, { clock, ask: async () => assert.fail("asked"), heard: () => assert.fail("shown") });
  await clock.advance(5000);
  assert.equal(outcome, 1);
});

test("other problems are not waited out, nor is 429", async () => {
  const clock = new ManualClock();
  for (const problem of [{ status: 401, retryAfter: null }, { status: 429, retryAfter: 9 }]) {
    await assert.rejects(untilReady(async () => Promise.reject(problem), { clock, ask: async () => null, heard: () => {} }), (thrown) => thrown === problem);
  }
});

test("a question that fails is asked again and says nothing", async () => {
  const clock = new ManualClock();
  const heard = [];
  let asked = 0;
  const ask = async () => {
    if (++asked === 1) throw new TypeError("no server");
    return running;
  };
  const stop = watchStartup({ ask, clock, heard: (startup) => heard.push(startup) });
  await clock.advance(250);
  await settle();
  assert.deepEqual(heard, [running]);
  stop();
  await clock.advance(5000);
  assert.equal(asked, 2);
});

test("as long as nothing is answered it is said again, so that the time waited can be shown", async () => {
  const clock = new ManualClock();
  const heard = [];
  let answer = (_startup) => {};
  const stop = watchStartup({ ask: () => new Promise((then) => (answer = then)), clock, heard: (startup) => heard.push(startup) });
  await clock.advance(1500);
  assert.deepEqual(heard, [null, null, null]);
  answer(running);
  await clock.advance(100);
  assert.deepEqual(heard.slice(3), [running]);
  stop();
  assert.equal(clock.timers, 0);
});
