// Preloaded into a process whose host's clock is to be an hour ahead.
const RealDate = Date;
const AHEAD_MS = 3_600_000;

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + AHEAD_MS] : args));
  }

  static now() {
    return RealDate.now() + AHEAD_MS;
  }
};
