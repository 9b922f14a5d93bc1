import { request } from 'node:http';

/** Says how a phase is: RUNNING, READY, FAILED or DOWN. The admin side answers 2xx. */
export function push(admin, phase, state) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const pushed = request({ socketPath: admin, path: '/phases', method: 'POST', headers });
    pushed.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    pushed.end(JSON.stringify({ phase, state }));
  });
}
