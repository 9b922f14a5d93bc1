import assert from "node:assert/strict";
import { test } from "node:test";
import { excess, parseFrame, sendFrame } from "../../main/resources/static/app/protocol.js";

test("a frame of the contract is read", () => {
  assert.deepEqual(parseFrame('{"type":"hello","user":"ada"}'), { type: "hello", user: "ada" });
  const delta = { type: "delta", conversation: "c", run: "r", seq: 3, text: "x" };
  assert.deepEqual(parseFrame(JSON.stringify(delta)), delta);
});

test("an event without detail gets an empty one", () => {
  const frame = parseFrame('{"type":"event","conversation":"c","run":"r","seq":1,"event":"agent_started"}');
  assert.deepEqual(frame.detail, {});
});

test("what is not understood is null, never an exception", () => {
  const strange = ["", "nope", "null", "[]", "3", "{}", '{"type":"toString"}', '{"type":"hello"}', '{"type":"delta","seq":"1"}', new ArrayBuffer(2), undefined];
  for (const data of strange) assert.equal(parseFrame(data), null, String(data));
});

test("a message is too long by bytes, not by characters", () => {
  const frame = JSON.parse(sendFrame({ id: "i", conversation: null, text: "hi", thread: "not sent" }));
  assert.deepEqual(frame, { type: "send", id: "i", conversation: null, text: "hi" });
  assert.equal(excess("a".repeat(60_000)), 0);
  assert.ok(excess("\u00e9".repeat(60_000)) > 50_000);
  assert.ok(excess("\n".repeat(40_000)) > 0, "a new line is two bytes in JSON");
});
