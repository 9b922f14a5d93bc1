// @ts-check
// Imported before everything else: the token leaves the address before any other code runs.
import { takeToken } from "./route.js";

export const token = takeToken(location, history);
