/** Bytes that are written one after the other, into a buffer that doubles. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 10);
  length = 0;

  byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
    return this;
  }

  bytes(values: ArrayLike<number>): this {
    this.#reserve(values.length);
    this.#bytes.set(values, this.length);
    this.length += values.length;
    return this;
  }

  /** A signed LEB128 number, as the constants of code are written. */
  signed(value: number): this {
    let rest = value;
    for (;;) {
      const above = Math.floor(rest / 0x80);
      const low = rest - above * 0x80;
      const isLast = (above === 0 && low < 0x40) || (above === -1 && low >= 0x40);
      this.byte(isLast ? low : low | 0x80);
      if (isLast) return this;
      rest = above;
    }
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  unsigned(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.byte(rest);
  }

  /** All that was written since the last `clear`; it is overwritten by what is written after that. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + more));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
