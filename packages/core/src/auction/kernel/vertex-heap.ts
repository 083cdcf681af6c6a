/** A four-ary heap of vertices by distance, in flat arrays; stale entries are the caller's to skip. */
export class VertexHeap {
  readonly distances: Float64Array;
  readonly vertices: Int32Array;
  size = 0;

  constructor(capacity: number) {
    this.distances = new Float64Array(capacity);
    this.vertices = new Int32Array(capacity);
  }

  push(distance: number, vertex: number): void {
    const { distances, vertices } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (distances[parent]! <= distance) break;
      distances[at] = distances[parent]!;
      vertices[at] = vertices[parent]!;
      at = parent;
    }
    distances[at] = distance;
    vertices[at] = vertex;
  }

  /** Takes away the nearest entry, which stands at index 0. */
  dropNearest(): void {
    const { distances, vertices } = this;
    const size = --this.size;
    const distance = distances[size]!;
    const vertex = vertices[size]!;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      const end = Math.min(first + 4, size);
      let least = first;
      for (let child = first + 1; child < end; child++) if (distances[child]! < distances[least]!) least = child;
      if (distances[least]! >= distance) break;
      distances[at] = distances[least]!;
      vertices[at] = vertices[least]!;
      at = least;
    }
    distances[at] = distance;
    vertices[at] = vertex;
  }

  /** Takes entries away until the nearest is one that stands at its vertex's distance; false when none is left. */
  dropStale(known: Float64Array): boolean {
    while (this.size > 0) {
      if (this.distances[0]! <= known[this.vertices[0]!]!) return true;
      this.dropNearest();
    }
    return false;
  }
}
