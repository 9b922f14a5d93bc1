// A clock that moves when told, and a socket that does what it is told.

export class ManualClock {
  time = 0;
  #timers = [];

  now = () => this.time;

  after = (millis, then) => {
    const timer = { at: this.time + millis, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  get timers() {
    return this.#timers.length;
  }

  /** Moves on, running what comes due in order; promises get their turn before and after each. */
  async advance(millis) {
    const end = this.time + millis;
    await settle();
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.time = next.at;
      next.then();
      await settle();
    }
    this.time = end;
  }
}

/** Lets every promise that is settled be heard. */
export const settle = () => new Promise((then) => setImmediate(then));

export class FakeSocket {
  readyState = 0;
  sent = [];
  closedByPage = false;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closedByPage = true;
    this.readyState = 3;
  }

  open() {
    this.readyState = 1;
    this.onopen({});
  }

  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  end(code, reason = "") {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

export const phase = (name, state, more = {}) => ({
  name,
  state,
  optional: false,
  startedMillis: state === "PENDING" ? null : 0,
  endedMillis: null,
  attempt: 1,
  ...more,
});

export class FakeStorage {
  #items = new Map();
  getItem = (key) => this.#items.get(key) ?? null;
  setItem = (key, value) => void this.#items.set(key, value);
  removeItem = (key) => void this.#items.delete(key);
}
