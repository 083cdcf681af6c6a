import { type ErrorCode, errorCodes, type Problem, StoaError } from "@stoa/protocol";

/**
 * Turns an answer that is no success into the error it tells: its code, detail and details.
 * An answer that is no problem document comes from something between the client and the market, or from another server.
 */
export async function problemError(response: Response, doing: string): Promise<StoaError> {
  const text = await response.text().catch(() => "");
  const problem = readProblem(text);
  const requestId = problem?.instance;
  const details = { ...problem?.details, status: response.status, ...(requestId === undefined ? {} : { requestId }) };
  if (!problem) {
    const said = text.trim().slice(0, 120);
    return new StoaError(
      response.status >= 500 || response.status === 429 ? "server_unavailable" : "not_found",
      `${doing}: answered ${response.status} without a problem document${said && `: ${said}`}`,
      { details },
    );
  }
  return new StoaError(codeOf(problem), problem.detail, {
    details: { ...problem.details, ...details, serverCode: problem.code },
  });
}

function readProblem(text: string): Problem | null {
  try {
    const json = JSON.parse(text) as Partial<Problem> | null;
    return typeof json?.code === "string" && typeof json.detail === "string" ? (json as Problem) : null;
  } catch {
    // A proxy's page, not a problem document.
    return null;
  }
}

/** A newer server may have codes this client does not know: their kind is what counts. */
function codeOf({ code, status }: Problem): ErrorCode {
  if (Object.hasOwn(errorCodes, code)) return code as ErrorCode;
  if (status === 429) return "too_many_requests";
  return status >= 500 ? "server_unavailable" : "invalid_request";
}
