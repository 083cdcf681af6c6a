/** What was found of one thing a node needs. */
export interface Finding {
  /** What was looked at, in a word or two. */
  subject: string;
  /** `weak` is what a node can work with, and its operator should know. */
  state: "good" | "weak" | "bad";
  text: string;
  /** What to do about it. */
  remedy?: string;
}
