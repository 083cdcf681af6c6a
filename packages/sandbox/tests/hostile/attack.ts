import type { Arena } from "./arena.ts";

/** One way to break out of what an agent is held in, to see what it must not see, or to keep a node from its work. */
export interface Attack {
  name: string;
  /**
   * Makes the attack once.
   * @returns all that the attacker could show to anybody: outputs, logs, failures
   * @throws when it did not end as a contained attack ends
   */
  launch(arena: Arena): Promise<string>;
  /**
   * True when the host has what holds it in; absent when every host has. What is not held in is said by the sandbox
   * report, and is not tried.
   */
  isHeldIn?(arena: Arena): boolean;
}

/** Attacks of one kind. */
export interface Family {
  name: string;
  attacks: readonly Attack[];
}
