import { openDots } from "./open-dots.ts";

/** The kernel takes sixteen numbers at a step; what a vector lacks to that is zero, and changes no product. */
const STEP = 16;
const PAGE_BYTES = 65_536;
const FLOAT_BYTES = 4;
/** What WebAssembly can address. */
const MOST_PAGES = 65_536;
const FIRST_ROWS = 1_024;

/**
 * Vectors of one length, by document, and how similar each is to another: exactly, every one looked at. They are kept at
 * length one, so that their inner product is the cosine of the angle between them.
 *
 * Memory: the query, a product for each row, the rows.
 */
export class VectorIndex {
  readonly dimensions: number;
  readonly #width: number;
  readonly #memory: WebAssembly.Memory;
  readonly #dots: ReturnType<typeof openDots>;
  #has = new Uint8Array(FIRST_ROWS);
  #rows = FIRST_ROWS;
  #used = 0;
  #vectors = 0;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#width = Math.ceil(dimensions / STEP) * STEP;
    this.#memory = new WebAssembly.Memory({ initial: this.#pages(FIRST_ROWS), maximum: MOST_PAGES });
    this.#dots = openDots(this.#memory);
  }

  get vectors(): number {
    return this.#vectors;
  }

  /** @throws {RangeError} for a vector of another length, or without a direction */
  put(document: number, vector: ArrayLike<number>): void {
    if (document >= this.#rows) this.#grow(document + 1);
    this.#row(this.#rowAt(document)).set(this.#unit(vector));
    this.#used = Math.max(this.#used, document + 1);
    if (this.#has[document] === 0) this.#vectors += 1;
    this.#has[document] = 1;
  }

  remove(document: number): void {
    if (this.#has[document] !== 1) return;
    this.#has[document] = 0;
    this.#vectors -= 1;
    this.#row(this.#rowAt(document)).fill(0);
  }

  /**
   * How similar every document's vector is to one: the cosine of their angle, from -1 to 1, and 0 for documents that
   * have none.
   */
  similarities(vector: ArrayLike<number>): Float32Array {
    this.#row(0).set(this.#unit(vector));
    const products = this.#width * FLOAT_BYTES;
    this.#dots(0, this.#rowAt(0), this.#used, this.#width, products);
    return new Float32Array(this.#memory.buffer, products, this.#used).slice();
  }

  #unit(vector: ArrayLike<number>): Float32Array {
    if (vector.length !== this.dimensions)
      throw new RangeError(`a vector of ${vector.length} numbers among those of ${this.dimensions}`);
    let squares = 0;
    for (let at = 0; at < vector.length; at += 1) squares += vector[at]! ** 2;
    if (!(squares > 0) || squares === Infinity) throw new RangeError("a vector without a direction");
    const length = Math.sqrt(squares);
    const unit = new Float32Array(this.#width);
    for (let at = 0; at < vector.length; at += 1) unit[at] = vector[at]! / length;
    return unit;
  }

  #row(byte: number): Float32Array {
    return new Float32Array(this.#memory.buffer, byte, this.#width);
  }

  #rowAt(document: number): number {
    return this.#rowsBegin(this.#rows) + document * this.#width * FLOAT_BYTES;
  }

  #rowsBegin(rows: number): number {
    return (this.#width + Math.ceil(rows / STEP) * STEP) * FLOAT_BYTES;
  }

  #pages(rows: number): number {
    return Math.ceil((this.#rowsBegin(rows) + rows * this.#width * FLOAT_BYTES) / PAGE_BYTES);
  }

  /** Makes room for half as many again; the rows move behind the longer list of products. */
  #grow(least: number): void {
    const rows = Math.max(least, Math.ceil(this.#rows * 1.5));
    const more = this.#pages(rows) - this.#memory.buffer.byteLength / PAGE_BYTES;
    if (more > 0) this.#memory.grow(more);
    const [from, to] = [this.#rowsBegin(this.#rows), this.#rowsBegin(rows)];
    const length = this.#used * this.#width * FLOAT_BYTES;
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes.copyWithin(to, from, from + length);
    bytes.fill(0, from, to);
    bytes.fill(0, to + length);
    const has = new Uint8Array(rows);
    has.set(this.#has);
    [this.#has, this.#rows] = [has, rows];
  }
}
