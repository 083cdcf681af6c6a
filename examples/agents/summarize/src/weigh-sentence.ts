import type { Block } from "./plain-blocks.ts";
import { wordsOf } from "./words.ts";

/** A sentence and where it stands. */
export interface Sentence {
  text: string;
  /** Which sentence of the text it is. */
  position: number;
  /** Which sentence of its block. */
  place: number;
  block: Block;
}

/** Sentences that lean on one before them; alone they are riddles. */
const LEANS =
  /^(?:this|these|those|it|its|they|them|he|she|that|such|here|there|however|but|and|or|so|then|thus|hence|therefore|also|otherwise|instead|moreover|furthermore|for example|for instance|in addition|see|note)\b/i;
/** A sentence with more is a list. */
const MOST_COMMAS = 7;
const SECONDARY_HEADING =
  /licen[cs]e|contribut|changelog|acknowledg|credits|table of contents|sponsor|badge|authors|install|see also|lizenz|licencia|licenza/i;
/** Sentences that send the reader elsewhere. */
const POINTS_AWAY =
  /\b(?:see|visit|read|check out|click|refer to|find|join|follow) (?:the|our|us|more|multiple|it|this|[A-Z_]{4,})\b|\b(?:hosted|available|found|documented|listed) (?:here|in|on|at)\b|\.md\b/i;
const COMMAND = /(?:^|\s)(?:npm|npx|yarn|pip|git|docker|curl|cargo|brew|apt|sudo|make)\s+[a-z-]+/;

/**
 * How well a sentence would stand in a summary, apart from what it is about: a factor from 0 to about 2.
 * Early sentences, and the first of a paragraph, tend to say what the text is; fragments, commands, lead-ins to
 * something left out and sentences that lean on their neighbour read badly alone.
 */
export function weighSentence(sentence: Sentence, total: number): number {
  const { text, block, place, position } = sentence;
  const words = wordsOf(text).length;
  if (words < 4 || /[:;,]$/.test(text)) return 0;
  const letters = text.replace(/[^\p{L}\s]/gu, "").length / text.length;
  if (letters < 0.6) return 0;

  let weight = 1;
  if (position === 0) weight *= 1.6;
  else weight *= 1 + 0.35 * (1 - position / total);
  if (place === 0 && block.kind === "paragraph") weight *= 1.15;
  if (block.kind === "item") weight *= 0.8;
  if (!/[.!?。！？…]["'”’»)\]]*$/.test(text)) weight *= 0.5;
  if (words < 7) weight *= 0.6;
  if (words > 45) weight *= 0.6;
  if (position > 0 && LEANS.test(text)) weight *= 0.4;
  // What goes on in the middle of a sentence had its beginning in something that was left out.
  if (position > 0 && /^\p{Ll}+\s/u.test(text)) weight *= 0.3;
  if (text.split(",").length > MOST_COMMAS) weight *= 0.6;
  if (POINTS_AWAY.test(text)) weight *= 0.5;
  if (COMMAND.test(text)) weight *= 0.5;
  if (/https?:\/\//.test(text)) weight *= 0.7;
  if (text.endsWith("?")) weight *= 0.7;
  if (SECONDARY_HEADING.test(block.heading)) weight *= 0.5;
  return weight;
}
