/** A system call's numbers, on x86-64 and on arm64; null where an architecture has none. */
export type CallNumbers = readonly [x64: number | null, arm64: number | null];

/**
 * What a process that runs Node, V8 and an agent asks of the kernel: descriptors, memory, threads, time. It opens no
 * socket, starts no program, traces, mounts and loads nothing.
 * Numbers are those of Linux's `asm/unistd_64.h` and `asm-generic/unistd.h`.
 */
export const allowedCalls: Readonly<Record<string, CallNumbers>> = {
  // Files and descriptors; what can be opened is the file system view's matter.
  read: [0, 63],
  write: [1, 64],
  readv: [19, 65],
  writev: [20, 66],
  pread64: [17, 67],
  pwrite64: [18, 68],
  lseek: [8, 62],
  close: [3, 57],
  close_range: [436, 436],
  openat: [257, 56],
  fcntl: [72, 25],
  dup: [32, 23],
  dup3: [292, 24],
  fstat: [5, 80],
  newfstatat: [262, 79],
  statx: [332, 291],
  access: [21, null],
  faccessat: [269, 48],
  faccessat2: [439, 439],
  readlink: [89, null],
  readlinkat: [267, 78],
  getdents64: [217, 61],
  getcwd: [79, 17],
  pipe2: [293, 59],
  eventfd2: [290, 19],
  epoll_create1: [291, 20],
  epoll_ctl: [233, 21],
  epoll_wait: [232, null],
  epoll_pwait: [281, 22],
  epoll_pwait2: [441, 441],
  poll: [7, null],
  ppoll: [271, 73],
  getsockname: [51, 204],
  getsockopt: [55, 209],
  shutdown: [48, 210],

  // Memory.
  mmap: [9, 222],
  munmap: [11, 215],
  mremap: [25, 216],
  mprotect: [10, 226],
  madvise: [28, 233],
  brk: [12, 214],
  mincore: [27, 232],
  membarrier: [324, 283],
  pkey_alloc: [330, 289],
  pkey_free: [331, 290],
  pkey_mprotect: [329, 288],

  // Its own threads and signals.
  futex: [202, 98],
  futex_waitv: [449, 449],
  set_tid_address: [218, 96],
  set_robust_list: [273, 99],
  get_robust_list: [274, 100],
  rseq: [334, 293],
  sched_yield: [24, 124],
  sched_getaffinity: [204, 123],
  sched_getparam: [143, 121],
  sched_getscheduler: [145, 120],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  rt_sigtimedwait: [128, 137],
  sigaltstack: [131, 132],
  tgkill: [234, 131],
  restart_syscall: [219, 128],
  exit: [60, 93],
  exit_group: [231, 94],
  wait4: [61, 260],
  arch_prctl: [158, null],

  // Time and chance.
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  nanosleep: [35, 101],
  gettimeofday: [96, 169],
  getrandom: [318, 278],

  // What it is, and becoming less.
  getpid: [39, 172],
  getppid: [110, 173],
  gettid: [186, 178],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  getgroups: [115, 158],
  capget: [125, 90],
  setuid: [105, 146],
  setgid: [106, 144],
  setgroups: [116, 159],
  uname: [63, 160],
  sysinfo: [99, 179],
  getrusage: [98, 165],
  times: [100, 153],
  prlimit64: [302, 261],

  // By which the process becomes Node; its file system view has no other program.
  execve: [59, 221],
};

/** A call that is allowed with some values of an argument only, and the error that others meet. */
export interface JudgedCall {
  numbers: CallNumbers;
  argument: number;
  /** Passes values that have this bit. */
  bit?: number;
  /** Passes these values. */
  values?: readonly number[];
  errno: number;
}

const EPERM = 1;
const ENOTTY = 25;

export const judgedCalls: readonly JudgedCall[] = [
  // clone makes threads (CLONE_THREAD), no processes and no namespaces.
  { numbers: [56, 220], argument: 0, bit: 0x10000, errno: EPERM },
  // ioctl: FIOCLEX, FIONCLEX, FIONBIO, FIONREAD, and TCGETS for whoever asks whether something is a terminal.
  { numbers: [16, 29], argument: 1, values: [0x5451, 0x5450, 0x5421, 0x541b, 0x5401], errno: ENOTTY },
  // prctl: PR_SET_NAME, PR_GET_NAME and PR_SET_VMA name threads and memory.
  { numbers: [157, 167], argument: 0, values: [15, 16, 0x53564d41], errno: EPERM },
];
