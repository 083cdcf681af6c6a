import { callImports, I32, I64, signature, type WasmAbi, type WasmSignature } from "./wasm-abi.ts";

/** `i` is an i32, `I` an i64; all but one function of WASI give an i32, their error number. */
const errno = (params: string): WasmSignature => ({
  params: Array.from(params, (type) => (type === "I" ? I64 : I32)),
  results: [I32],
});

/** The functions of WASI preview 1. */
const preview1 = {
  args_get: errno("ii"),
  args_sizes_get: errno("ii"),
  clock_res_get: errno("ii"),
  clock_time_get: errno("iIi"),
  environ_get: errno("ii"),
  environ_sizes_get: errno("ii"),
  fd_advise: errno("iIIi"),
  fd_allocate: errno("iII"),
  fd_close: errno("i"),
  fd_datasync: errno("i"),
  fd_fdstat_get: errno("ii"),
  fd_fdstat_set_flags: errno("ii"),
  fd_fdstat_set_rights: errno("iII"),
  fd_filestat_get: errno("ii"),
  fd_filestat_set_size: errno("iI"),
  fd_filestat_set_times: errno("iIIi"),
  fd_pread: errno("iiiIi"),
  fd_prestat_dir_name: errno("iii"),
  fd_prestat_get: errno("ii"),
  fd_pwrite: errno("iiiIi"),
  fd_read: errno("iiii"),
  fd_readdir: errno("iiiIi"),
  fd_renumber: errno("ii"),
  fd_seek: errno("iIii"),
  fd_sync: errno("i"),
  fd_tell: errno("ii"),
  fd_write: errno("iiii"),
  path_create_directory: errno("iii"),
  path_filestat_get: errno("iiiii"),
  path_filestat_set_times: errno("iiiiIIi"),
  path_link: errno("iiiiiii"),
  path_open: errno("iiiiiIIii"),
  path_readlink: errno("iiiiii"),
  path_remove_directory: errno("iii"),
  path_rename: errno("iiiiii"),
  path_symlink: errno("iiiii"),
  path_unlink_file: errno("iii"),
  poll_oneoff: errno("iiii"),
  proc_exit: signature(1, 0),
  proc_raise: errno("i"),
  random_get: errno("ii"),
  sched_yield: errno(""),
  sock_accept: errno("iii"),
  sock_recv: errno("iiiiii"),
  sock_send: errno("iiiii"),
  sock_shutdown: errno("ii"),
};

/**
 * A command of WASI preview 1.
 * @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */
export const wasiAbi: WasmAbi = {
  imports: {
    ...Object.fromEntries(Object.entries(preview1).map(([name, of]) => [`wasi_snapshot_preview1.${name}`, of])),
    ...callImports,
  },
  entry: { name: "_start", signature: signature(0, 0), told: "takes and returns nothing" },
};
