/** A four-ary heap of vertices by distance, in flat arrays, where a vertex that comes nearer moves up. */
export class VertexHeap {
  readonly #distances: Float64Array;
  readonly #vertices: Int32Array;
  /** Where a vertex stands, or -1. */
  readonly #places: Int32Array;
  #size = 0;

  constructor(vertexCount: number) {
    this.#distances = new Float64Array(vertexCount);
    this.#vertices = new Int32Array(vertexCount);
    this.#places = new Int32Array(vertexCount).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** The least distance, or Infinity when there is none. */
  get nearest(): number {
    return this.#size > 0 ? this.#distances[0]! : Infinity;
  }

  clear(): void {
    for (let at = 0; at < this.#size; at++) this.#places[this.#vertices[at]!] = -1;
    this.#size = 0;
  }

  /** Puts a vertex in, or nearer than it was. */
  push(distance: number, vertex: number): void {
    const known = this.#places[vertex]!;
    this.#rise(known < 0 ? this.#size++ : known, distance, vertex);
  }

  /** Takes out the nearest vertex; there must be one. */
  pop(): number {
    const nearest = this.#vertices[0]!;
    this.#places[nearest] = -1;
    const last = --this.#size;
    if (last > 0) this.#sink(this.#distances[last]!, this.#vertices[last]!);
    return nearest;
  }

  #rise(from: number, distance: number, vertex: number): void {
    const distances = this.#distances;
    const vertices = this.#vertices;
    const places = this.#places;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (distances[parent]! <= distance) break;
      distances[at] = distances[parent]!;
      vertices[at] = vertices[parent]!;
      places[vertices[at]!] = at;
      at = parent;
    }
    distances[at] = distance;
    vertices[at] = vertex;
    places[vertex] = at;
  }

  /** Puts a vertex in the place of the one taken from the top. */
  #sink(distance: number, vertex: number): void {
    const distances = this.#distances;
    const vertices = this.#vertices;
    const places = this.#places;
    const size = this.#size;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      for (let child = first + 1; child < end; child++) if (distances[child]! < distances[least]!) least = child;
      if (distances[least]! >= distance) break;
      distances[at] = distances[least]!;
      vertices[at] = vertices[least]!;
      places[vertices[at]!] = at;
      at = least;
    }
    distances[at] = distance;
    vertices[at] = vertex;
    places[vertex] = at;
  }
}
