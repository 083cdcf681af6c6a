import { ProviderFailure } from "./explain-failure.ts";
import type { Reservation } from "./token-budget.ts";

/** Asks a provider, and when it fails books what that may have cost. */
export async function bookCall<T>(reservation: Reservation, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderFailure && !error.mayBeBilled) reservation.release();
    else reservation.charge();
    throw error;
  }
}
