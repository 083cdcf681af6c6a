import { useEffect, useState } from "react";

/**
 * A value as it was when it last stood still for a moment: nobody is asked at every key.
 * @param name what the value says, as a text: it may be a new object each time
 */
export function useSettled<Value>(value: Value, name: string, afterMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the name says all of the value
  }, [name, afterMs]);
  return settled;
}
