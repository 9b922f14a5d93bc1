// Prints what is wrong with a Dockerfile on standard input, a line each.
import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';

for (const { range, message } of validate(readFileSync(0, 'utf8'))) {
  console.log(`${range.start.line + 1}: ${message}`);
}
