import { wasi } from "@bjorn3/browser_wasi_shim";
import type { Meter } from "./meter.ts";

/**
 * What WASI tells a deterministic program in the place of the world: its clocks stand still at their beginning, random
 * bytes follow from its input, and waiting, which would never end, is refused.
 */
export function stillWorld(memory: () => WebAssembly.Memory, meter: Meter) {
  const view = () => new DataView(memory().buffer);
  return {
    clock_res_get(_clock: number, pointer: number) {
      view().setBigUint64(pointer >>> 0, 1n, true);
      return wasi.ERRNO_SUCCESS;
    },
    clock_time_get(_clock: number, _precision: bigint, pointer: number) {
      view().setBigUint64(pointer >>> 0, 0n, true);
      return wasi.ERRNO_SUCCESS;
    },
    poll_oneoff: () => wasi.ERRNO_NOTSUP,
    random_get(pointer: number, length: number) {
      meter.charge(length >>> 0);
      meter.random(new Uint8Array(memory().buffer, pointer >>> 0, length >>> 0));
      return wasi.ERRNO_SUCCESS;
    },
  };
}
