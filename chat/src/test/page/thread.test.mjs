import assert from "node:assert/strict";
import { test } from "node:test";
import { Thread } from "../../main/resources/static/app/thread.js";

const event = (seq, name, detail = {}, run = "r") => ({ type: "event", conversation: "c", run, seq, event: name, detail });
const delta = (seq, text, run = "r") => ({ type: "delta", conversation: "c", run, seq, text });
const stored = (id, role, text, state = "complete") => ({ id, role, text, state, createdAt: "2026-01-01T00:00:00Z" });
const texts = (thread) => thread.items.map(({ text }) => text);

function asked() {
  const thread = new Thread();
  thread.accepted({ type: "accepted", id: "p1", conversation: "c", title: "T", message: "m1", run: "r" }, { id: "p1", text: "why?" });
  return thread;
}

test("a run from acceptance to its end", () => {
  const thread = asked();
  thread.event(event(1, "agent_started"));
  thread.event(event(2, "agent_thinking"));
  thread.event(event(3, "tool_executing", { tool: "t", title: "Looking" }));
  assert.deepEqual(thread.items[1].steps.map(({ done }) => done), [true, true, false]);
  thread.event(event(4, "tool_completed", { tool: "t", title: "Looking", result: "3 found" }));
  thread.delta(delta(5, "Be"));
  thread.delta(delta(6, "cause"));
  assert.deepEqual(texts(thread), ["why?", "Because"]);
  thread.event(event(7, "agent_completed", { message: "m2", text: "Because.", state: "complete" }));
  const [, answer] = thread.items;
  assert.equal(answer.state, "complete");
  assert.equal(answer.text, "Because.");
  assert.deepEqual(answer.steps.map(({ title, result }) => [title, result]), [["Started", ""], ["Thinking", ""], ["Looking", "3 found"], ["Completed", ""]]);
});

test("a frame that was heard before changes nothing", () => {
  const thread = asked();
  thread.delta(delta(1, "a"));
  assert.equal(thread.delta(delta(1, "a")), null);
  assert.deepEqual(texts(thread), ["why?", "a"]);
});

test("after a gap the text waits for the whole answer instead of showing a hole", () => {
  const thread = asked();
  thread.delta(delta(1, "a"));
  thread.delta(delta(3, "c"));
  assert.equal(thread.items[1].text, "a");
  assert.ok(thread.items[1].gap);
  thread.event(event(4, "agent_completed", { message: "m2", text: "abc", state: "complete" }));
  assert.equal(thread.items[1].text, "abc");
  assert.ok(!thread.items[1].gap);
});

test("loading while a run goes on keeps it: same item, its text and its steps", () => {
  const thread = asked();
  thread.event(event(1, "agent_started"));
  thread.delta(delta(2, "half"));
  const before = thread.items[1];
  thread.load({ title: "T", messages: [stored("m1", "user", "why?"), stored("m2", "assistant", "", "running")] });
  assert.equal(thread.items.length, 2);
  assert.equal(thread.items[1], before);
  assert.equal(before.text, "half");
  thread.delta(delta(3, " way"));
  assert.equal(before.text, "half way");
});

test("an end that was missed comes with the next load", () => {
  const thread = asked();
  thread.event(event(1, "agent_started"));
  thread.sessionLost();
  thread.load({ title: "T", messages: [stored("m1", "user", "why?"), stored("m2", "assistant", "all", "complete")] });
  assert.deepEqual(thread.items.map(({ text, state }) => [text, state]), [["why?", "complete"], ["all", "complete"]]);
  assert.ok(thread.items[1].steps[0].done);
});

test("a load that is older than the end does not undo it", () => {
  const thread = asked();
  thread.event(event(1, "agent_completed", { message: "m2", text: "all", state: "complete" }));
  thread.load({ title: "T", messages: [stored("m1", "user", "why?"), stored("m2", "assistant", "al", "running")] });
  assert.deepEqual(thread.items.map(({ text, state }) => [text, state]), [["why?", "complete"], ["all", "complete"]]);
});

test("after a reload of the page the running message gets its end by its id", () => {
  const thread = new Thread();
  thread.load({ title: "T", messages: [stored("m1", "user", "why?"), stored("m2", "assistant", "be", "running")] });
  assert.ok(thread.delta(delta(9, "cause")).known);
  assert.equal(thread.items[1].text, "be", "what lies between is unknown");
  thread.event(event(10, "agent_completed", { message: "m2", text: "because", state: "interrupted" }));
  assert.deepEqual(thread.items.map(({ text, state }) => [text, state]), [["why?", "complete"], ["because", "interrupted"]]);
});

test("accepted again, after the load has shown it, adds nothing", () => {
  const thread = new Thread();
  thread.load({ title: "T", messages: [stored("m1", "user", "why?"), stored("m2", "assistant", "all")] });
  thread.accepted({ type: "accepted", id: "p1", conversation: "c", title: "T", message: "m1", run: "r" }, { id: "p1", text: "why?" });
  assert.deepEqual(texts(thread), ["why?", "all"]);
});

test("a run of another tab is new, and is one message after the load", () => {
  const thread = new Thread();
  thread.load({ title: "T", messages: [] });
  assert.equal(thread.event(event(1, "agent_started")).known, false);
  assert.equal(thread.event(event(2, "agent_thinking")).known, true);
  thread.load({ title: "T", messages: [stored("m1", "user", "q"), stored("m2", "assistant", "", "running")] });
  assert.equal(thread.items.length, 2);
  assert.equal(thread.items[1].steps.length, 2);
});

test("a run that was taken up again begins again", () => {
  const thread = asked();
  thread.event(event(1, "agent_started"));
  thread.delta(delta(2, "half"));
  thread.sessionLost();
  thread.event(event(1, "agent_started"));
  thread.delta(delta(2, "new"));
  assert.equal(thread.items[1].text, "new");
  assert.equal(thread.items[1].steps.length, 1);
});
