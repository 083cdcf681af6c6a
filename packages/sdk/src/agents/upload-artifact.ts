import { type Hash, hashBytes, StoaError, type StoredArtifact } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { pause } from "../http/pause.ts";
import { request, requestJson } from "../http/request.ts";

/** What is sent at once; larger artifacts go in pieces of it, so that a cut connection costs one of them. */
const PIECE_BYTES = 4 << 20;
/** Faults in a row, with nothing that arrived in between, after which it gives up. */
const MAX_FAULTS = 6;
const FIRST_WAIT_MS = 250;

export interface UploadOptions {
  /** Told after every piece: bytes that have arrived, of all. */
  onProgress?(sent: number, bytes: number): void;
  signal?: AbortSignal;
}

/**
 * Sends an artifact to the market. What an earlier attempt sent of it, in this process or another, is not sent again.
 * @throws {StoaError} `too_large`, `forbidden`, and `server_unavailable` when nothing gets through any more
 * @example
 * const hash = await uploadArtifact(connection, await readFile("agent.tar"));
 */
export async function uploadArtifact(
  connection: Connection,
  bytes: Uint8Array,
  { onProgress, signal }: UploadOptions = {},
): Promise<Hash> {
  const hash = hashBytes(bytes);
  if (bytes.length <= PIECE_BYTES) {
    await requestJson<StoredArtifact>(connection, `/artifacts/${hash}`, { method: "PUT", bytes, signal });
    onProgress?.(bytes.length, bytes.length);
    return hash;
  }
  const path = `/artifacts/${hash}/upload`;
  let faults = 0;
  let state = await askState(connection, path, bytes.length, signal);
  while (!state.isComplete) {
    onProgress?.(state.offset, bytes.length);
    try {
      state = await sendPiece(connection, path, bytes, state.offset, signal);
      faults = 0;
    } catch (error) {
      if (!isPassing(error) || faults >= MAX_FAULTS || signal?.aborted) throw error;
      await pause(FIRST_WAIT_MS * 2 ** faults, signal);
      const arrived = await askState(connection, path, bytes.length, signal);
      faults = arrived.offset > state.offset ? 0 : faults + 1;
      state = arrived;
    }
  }
  onProgress?.(bytes.length, bytes.length);
  return hash;
}

/** How far an upload is. */
interface State {
  offset: number;
  /** The artifact is kept: nothing is left to send. */
  isComplete: boolean;
}

/** A fault that goes away, or a piece that met another: what has arrived is asked for, and it goes on from there. */
function isPassing(error: unknown): boolean {
  return error instanceof StoaError && (error.definition.kind === "retry" || error.code === "upload_conflict");
}

async function askState(connection: Connection, path: string, length: number, signal?: AbortSignal): Promise<State> {
  const { headers } = await request(connection, path, { method: "HEAD", signal });
  const state = {
    offset: Number(headers.get("upload-offset") ?? "0"),
    isComplete: headers.get("upload-complete") === "?1",
  };
  if (state.isComplete || state.offset <= length) return state;
  // What is longer than the whole was never this artifact's: it is begun again.
  await request(connection, path, { method: "DELETE", signal });
  return { offset: 0, isComplete: false };
}

/** Sends what comes next; with nothing left to send, it only says that this was all. */
async function sendPiece(
  connection: Connection,
  path: string,
  bytes: Uint8Array,
  offset: number,
  signal?: AbortSignal,
): Promise<State> {
  const end = Math.min(offset + PIECE_BYTES, bytes.length);
  const isComplete = end === bytes.length;
  await request(connection, path, {
    method: "PATCH",
    bytes: bytes.subarray(offset, end),
    headers: {
      "content-type": "application/partial-upload",
      "upload-offset": String(offset),
      "upload-complete": isComplete ? "?1" : "?0",
    },
    signal,
  });
  return { offset: end, isComplete };
}
