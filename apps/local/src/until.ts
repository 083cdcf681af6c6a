/**
 * Asks again until the answer is there.
 * @throws {Error} naming what was waited for when it does not come in time
 */
export async function until<Answer>(
  what: string,
  deadlineMs: number,
  ask: () => Promise<Answer | null | undefined | false>,
): Promise<Answer> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited ${deadlineMs / 1_000} s in vain for ${what}`, { cause: last });
}
