import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRoute, parseRoute, takeToken } from "../../main/resources/static/app/route.js";

const id = "0b0c2f5e-58d1-4b5a-9d53-3f1d1f3c0a11";

test("a route survives the address", () => {
  for (const route of [{ kind: "conversation", id }, { kind: "draft", id }, { kind: "new" }]) {
    assert.deepEqual(parseRoute(formatRoute(route)), route);
  }
});

test("anything else in the fragment is a new conversation", () => {
  for (const hash of ["", "#", "#/c/", "#/c/../x", "#text", `#/x/${id}`]) assert.deepEqual(parseRoute(hash), { kind: "new" });
});

test("the token leaves the address", () => {
  const urls = [];
  const history = { replaceState: (_data, _unused, url) => urls.push(url) };
  assert.equal(takeToken({ hash: "#sign-in=a%2Bb", pathname: "/", search: "?x=1" }, history), "a+b");
  assert.deepEqual(urls, ["/?x=1"]);
  assert.equal(takeToken({ hash: "#/c/1", pathname: "/", search: "" }, history), null);
  assert.equal(urls.length, 1);
});
