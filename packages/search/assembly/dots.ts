// The inner products of one vector with many that lie side by side, four numbers at a step and four steps at once.

/**
 * @param query where the one vector begins, in bytes
 * @param rows where the many begin
 * @param count how many there are
 * @param width numbers a vector has, a multiple of 16
 * @param results where their products go
 */
export function dots(query: usize, rows: usize, count: i32, width: i32, results: usize): void {
  const bytes = <usize>width << 2;
  let row = rows;
  for (let at = 0; at < count; at += 1) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (let byte: usize = 0; byte < bytes; byte += 64) {
      a = f32x4.add(a, f32x4.mul(v128.load(query + byte), v128.load(row + byte)));
      b = f32x4.add(b, f32x4.mul(v128.load(query + byte, 16), v128.load(row + byte, 16)));
      c = f32x4.add(c, f32x4.mul(v128.load(query + byte, 32), v128.load(row + byte, 32)));
      d = f32x4.add(d, f32x4.mul(v128.load(query + byte, 48), v128.load(row + byte, 48)));
    }
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    const product =
      f32x4.extract_lane(sum, 0) +
      f32x4.extract_lane(sum, 1) +
      f32x4.extract_lane(sum, 2) +
      f32x4.extract_lane(sum, 3);
    store<f32>(results + (<usize>at << 2), product);
    row += bytes;
  }
}
