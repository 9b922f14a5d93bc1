import assert from "node:assert/strict";
import { test } from "node:test";
import { stateWords } from "../../main/resources/static/app/connection-words.js";
import { Connection } from "../../main/resources/static/app/connection.js";
import { FakeSocket, ManualClock, phase, settle } from "./world.mjs";

function world(more = {}) {
  const clock = new ManualClock();
  const sockets = [];
  const states = [];
  const frames = [];
  const it = {
    clock,
    sockets,
    states,
    frames,
    asked: 0,
    startup: { state: "COMPLETE", elapsedMillis: 10, phases: [] },
    signedIn: "yes",
    isOnline: true,
    randomness: 0.5,
    ...more,
  };
  it.connection = new Connection({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    askStartup: async () => {
      it.asked++;
      if (it.startup instanceof Promise) return it.startup;
      if (it.startup === null) throw new TypeError("no server");
      return it.startup;
    },
    askSignedIn: async () => it.signedIn,
    online: () => it.isOnline,
    clock,
    random: () => it.randomness,
    onState: (state) => states.push(state),
    onFrame: (frame) => frames.push(frame),
  });
  it.last = () => sockets[sockets.length - 1];
  it.kind = () => it.connection.state.kind;
  it.delay = () => it.connection.state.retryAt - clock.time;
  it.enter = () => {
    it.last().open();
    it.last().say({ type: "hello", user: "ada" });
  };
  it.connection.connect();
  return it;
}

const starting = { state: "RUNNING", elapsedMillis: 400, phases: [phase("database", "READY"), phase("services", "RUNNING")] };
const hung = () => new Promise(() => {});

test("connected comes with the hello, not before", () => {
  const it = world();
  assert.equal(it.kind(), "connecting");
  it.last().open();
  assert.equal(it.kind(), "connecting");
  it.last().say({ type: "hello", user: "ada" });
  assert.equal(it.kind(), "connected");
  assert.equal(it.clock.timers, 0, "nothing ticks in a good session");
});

test("an ordinary handshake never asks for startup", async () => {
  const it = world();
  await it.clock.advance(299);
  it.enter();
  await it.clock.advance(10_000);
  assert.equal(it.asked, 0);
});

test("at the door the phases are asked every 250 ms, and only there", async () => {
  const it = world({ startup: starting });
  await it.clock.advance(300);
  assert.equal(it.kind(), "waiting");
  assert.deepEqual(stateWords(it.connection.state, 0), { says: "Waiting at the door", more: "(server is starting: services)" });
  await it.clock.advance(1000);
  assert.equal(it.asked, 5);
  it.enter();
  await it.clock.advance(5000);
  assert.equal(it.asked, 5);
});

test("no answer for a second means starting, and one question is enough", async () => {
  const it = world({ startup: hung() });
  await it.clock.advance(1200);
  assert.equal(it.kind(), "connecting");
  await it.clock.advance(100);
  assert.equal(it.kind(), "waiting");
  assert.equal(it.connection.state.startup, null);
  await it.clock.advance(20_000);
  assert.equal(it.asked, 1);
  assert.equal(it.kind(), "waiting");
});

test("a slow handshake of a server that is ready is not waiting", async () => {
  const it = world();
  await it.clock.advance(3000);
  assert.equal(it.kind(), "connecting");
});

test("1012: back after 0.5 to 1.5 s, called restarting until it is back", async () => {
  for (const [randomness, delay] of [[0, 500], [0.9999, 1500]]) {
    const it = world({ randomness });
    it.enter();
    it.last().end(1012);
    assert.equal(it.kind(), "restarting");
    assert.equal(it.delay(), delay);
    await it.clock.advance(delay - 1);
    assert.equal(it.sockets.length, 1);
    await it.clock.advance(1);
    assert.equal(it.sockets.length, 2);
    it.startup = null;
    it.signedIn = "unknown";
    it.last().end(1006);
    await settle();
    assert.equal(it.kind(), "restarting", "nobody is there yet, which is no surprise");
  }
});

test("other losses back off, and only a session of 5 s begins anew", async () => {
  const it = world({ randomness: 0.9999999 });
  const delays = [];
  for (const stays of [0, 4999, 4999, 5000, 0]) {
    it.enter();
    await it.clock.advance(stays);
    it.last().end(1006);
    assert.equal(it.kind(), "lost");
    delays.push(it.delay());
    await it.clock.advance(it.delay());
  }
  assert.deepEqual(delays, [500, 1000, 2000, 500, 1000]);
});

test("a refused handshake says why: startup failed in a phase", async () => {
  const it = world({ startup: { state: "FAILED", elapsedMillis: 9, phases: [phase("database", "FAILED")] }, randomness: 0 });
  it.last().end(1006);
  await settle();
  assert.equal(it.kind(), "refused");
  assert.equal(stateWords(it.connection.state, it.clock.time).says, "Refused: startup failed in phase “database”");
  assert.equal(it.delay(), 1000, "never sooner than a second after a refusal");
});

test("a refused handshake says why: still starting, or a phase is down", async () => {
  const it = world({ startup: starting });
  it.last().end(1006);
  await settle();
  assert.match(it.connection.state.reason, /still starting/);
  const down = world({ startup: { state: "COMPLETE", elapsedMillis: 9, phases: [phase("database", "DOWN"), phase("cache", "DOWN")] } });
  down.last().end(1006);
  await settle();
  assert.equal(down.connection.state.reason, "database and cache are down");
});

test("a handshake refused for want of a session leads to the sign-in, and stays there", async () => {
  const it = world({ signedIn: "no" });
  it.last().end(1006);
  await it.clock.advance(60_000);
  assert.equal(it.kind(), "signed-out");
  assert.equal(it.sockets.length, 1);
});

test("4401 signs out at once", async () => {
  const it = world();
  it.enter();
  it.last().end(4401);
  await it.clock.advance(60_000);
  assert.equal(it.kind(), "signed-out");
  assert.equal(it.sockets.length, 1);
});

test("a reason that never comes does not keep the page from knocking", async () => {
  const it = world({ startup: hung() });
  it.last().end(1006);
  await it.clock.advance(6_000);
  assert.equal(it.sockets.length, 2);
});

test("online again: no waiting", async () => {
  const it = world({ isOnline: false, randomness: 0.99 });
  it.enter();
  it.connection.wentOffline();
  assert.equal(it.kind(), "offline");
  it.last().end(1006);
  assert.equal(it.kind(), "offline");
  it.isOnline = true;
  it.connection.cameOnline();
  assert.equal(it.sockets.length, 2);
  await it.clock.advance(299);
  assert.equal(it.sockets.length, 2, "the planned knock was this one");
});

test("a session from before the device was offline is replaced, unless it proves to live", () => {
  const it = world();
  it.enter();
  it.connection.wentOffline();
  it.last().say({ type: "delta", conversation: "c", run: "r", seq: 1, text: "x" });
  assert.equal(it.kind(), "connected");
  it.connection.cameOnline();
  assert.equal(it.sockets.length, 2);
  assert.ok(it.sockets[0].closedByPage);
  it.sockets[0].say({ type: "delta", conversation: "c", run: "r", seq: 2, text: "y" });
  assert.equal(it.frames.length, 2, "the old socket is not heard any more");
});

test("a server that never says hello is left", async () => {
  const it = world({ randomness: 0 });
  it.last().open();
  await it.clock.advance(5000);
  assert.ok(it.sockets[0].closedByPage);
  assert.equal(it.sockets.length, 2);
});

test("refused by close 1013 gives its reason", () => {
  const it = world({ randomness: 0 });
  it.last().open();
  it.last().end(1013, "the gate is full");
  assert.equal(it.connection.state.reason, "the gate is full");
  assert.equal(it.delay(), 1000);
});

test("after stop nothing happens", async () => {
  const it = world();
  it.enter();
  it.last().end(1006);
  it.connection.stop();
  await it.clock.advance(60_000);
  assert.equal(it.sockets.length, 1);
  assert.equal(it.clock.timers, 0);
});

test("every state has its words, with a countdown where there is one", () => {
  const state = { startup: null, since: 0, retryAt: 2400, reason: "" };
  const words = (kind) => Object.values(stateWords({ ...state, kind }, 1000)).join(" ").trim();
  assert.equal(words("restarting"), "Restarting: reconnecting in 2 s");
  assert.equal(words("lost"), "Connection lost: reconnecting in 2 s");
  assert.equal(words("offline"), "Offline");
  assert.equal(words("connecting"), "Connecting");
});

test("while it knocks again, what is known stays shown", async () => {
  const it = world({ startup: { state: "FAILED", elapsedMillis: 9, phases: [phase("database", "FAILED")] }, randomness: 0 });
  it.last().end(1006);
  await settle();
  await it.clock.advance(1000);
  assert.equal(it.sockets.length, 2);
  assert.equal(it.kind(), "refused");
  assert.equal(it.connection.state.startup.state, "FAILED");
  assert.equal(stateWords(it.connection.state, it.clock.time).more, "(trying again now)");
});

test("a restart is over with the next hello", async () => {
  const it = world();
  it.enter();
  it.last().end(1012);
  await it.clock.advance(1500);
  it.enter();
  it.last().end(1006);
  assert.equal(it.kind(), "lost");
});
