// @ts-check
import { plainText } from "./markdown.js";

/**
 * An event as a screen reader hears it: steps by their titles, the finished answer whole.
 *
 * @param {import("./protocol.js").RunEvent} frame
 * @param {string} text the answer's Markdown
 */
export function spoken({ event, detail }, text) {
  switch (event) {
    case "agent_started":
      return "The guide has started.";
    case "agent_thinking":
      return "Thinking.";
    case "tool_executing":
      return String(detail.title ?? detail.tool ?? "");
    case "tool_completed":
      return String(detail.result ?? "");
    default:
      return detail.state === "interrupted" ? `The answer was interrupted. ${plainText(text)}` : `The guide answers: ${plainText(text)}`;
  }
}
