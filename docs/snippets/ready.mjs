import { execFile } from 'node:child_process';

/** Node has no Unix datagram sockets of its own: systemd's command sends it. */
export function notify(what) {
  if (process.env.NOTIFY_SOCKET) execFile('systemd-notify', [what], (e) => e && console.warn(e));
}
