import assert from "node:assert/strict";
import { test } from "node:test";
import { AGAIN_AFTER, Outbox } from "../../main/resources/static/app/outbox.js";
import { FakeStorage } from "./world.mjs";

const ids = (entries) => entries.map(({ id }) => id);
const message = (id, conversation = "c") => ({ id, thread: conversation ?? "draft", conversation, text: `text of ${id}` });

test("what was written at the door is sent in order, once per session", () => {
  const outbox = new Outbox(new FakeStorage(), "ada");
  outbox.add(message("1"));
  outbox.add(message("2"));
  assert.deepEqual(ids(outbox.due(0)), ["1", "2"]);
  assert.deepEqual(ids(outbox.due(1)), []);
});

test("what was not accepted is sent again with the same id after the session was lost", () => {
  const outbox = new Outbox(new FakeStorage(), "ada");
  outbox.add(message("1"));
  outbox.add(message("2"));
  outbox.due(0);
  outbox.accepted("1", "c");
  outbox.sessionLost();
  assert.deepEqual(ids(outbox.due(1)), ["2"]);
  assert.equal(outbox.entries[0].sends, 2);
});

test("without an answer it is sent again within the session", () => {
  const outbox = new Outbox(new FakeStorage(), "ada");
  outbox.add(message("1"));
  outbox.due(0);
  assert.deepEqual(ids(outbox.due(AGAIN_AFTER - 1)), []);
  assert.deepEqual(ids(outbox.due(AGAIN_AFTER)), ["1"]);
});

test("a new conversation's second message waits for its id", () => {
  const outbox = new Outbox(new FakeStorage(), "ada");
  outbox.add(message("1", null));
  outbox.add(message("2", null));
  assert.deepEqual(ids(outbox.due(0)), ["1"]);
  outbox.accepted("1", "c9");
  assert.deepEqual(outbox.due(1).map(({ id, conversation }) => [id, conversation]), [["2", "c9"]]);
  assert.deepEqual(ids(outbox.of("c9")), ["2"]);
  assert.deepEqual(outbox.drafts(), []);
});

test("accepted twice, or not ours, changes nothing", () => {
  const outbox = new Outbox(new FakeStorage(), "ada");
  outbox.add(message("1"));
  assert.equal(outbox.accepted("1", "c").id, "1");
  assert.equal(outbox.accepted("1", "c"), null);
  assert.equal(outbox.accepted("x", "c"), null);
});

test("a refused message is not sent again by itself, and lets the next one go", () => {
  const outbox = new Outbox(new FakeStorage(), "ada");
  outbox.add(message("1", null));
  outbox.add(message("2", null));
  outbox.due(0);
  outbox.refused("1", "too long");
  assert.deepEqual(ids(outbox.due(1)), ["2"]);
  outbox.sessionLost();
  outbox.retry("1", "1b");
  assert.deepEqual(ids(outbox.due(2)), ["1b"], "the first of the draft again");
});

test("it survives a reload, as one user's own", () => {
  const storage = new FakeStorage();
  const before = new Outbox(storage, "ada");
  before.add(message("1", null));
  before.due(0);
  const after = new Outbox(storage, "ada");
  assert.deepEqual(ids(after.due(0)), ["1"]);
  assert.deepEqual(after.drafts(), [{ thread: "draft", text: "text of 1" }]);
  assert.deepEqual(new Outbox(storage, "bob").entries, []);
  after.accepted("1", "c");
  assert.deepEqual(new Outbox(storage, "ada").entries, []);
});

test("storage that is broken or full loses nothing in this page", () => {
  const broken = { getItem: () => "{", setItem: () => assert.fail("full"), removeItem: () => assert.fail("full") };
  const outbox = new Outbox(broken, "ada");
  outbox.add(message("1"));
  assert.deepEqual(ids(outbox.due(0)), ["1"]);
});
