/** A binary heap of (distance, vertex), smallest distance first, then smallest vertex. */
export class MinHeap {
  readonly #distances: bigint[] = [];
  readonly #vertices: number[] = [];

  push(distance: bigint, vertex: number): void {
    let at = this.#vertices.length;
    this.#distances.push(distance);
    this.#vertices.push(vertex);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Takes the smallest entry away, or gives null when there is none. */
  pop(): { distance: bigint; vertex: number } | null {
    const last = this.#vertices.length - 1;
    if (last < 0) return null;
    this.#swap(0, last);
    const distance = this.#distances.pop()!;
    const vertex = this.#vertices.pop()!;
    this.#sink();
    return { distance, vertex };
  }

  #sink(): void {
    const size = this.#vertices.length;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= size) return;
      const right = left + 1;
      const child = right < size && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(child, at)) return;
      this.#swap(child, at);
      at = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const left = this.#distances[a]!;
    const right = this.#distances[b]!;
    return left < right || (left === right && this.#vertices[a]! < this.#vertices[b]!);
  }

  #swap(a: number, b: number): void {
    const distance = this.#distances[a]!;
    const vertex = this.#vertices[a]!;
    this.#distances[a] = this.#distances[b]!;
    this.#vertices[a] = this.#vertices[b]!;
    this.#distances[b] = distance;
    this.#vertices[b] = vertex;
  }
}
