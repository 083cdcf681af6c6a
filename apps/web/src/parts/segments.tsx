interface SegmentsProps<Value extends string> {
  label: string;
  options: readonly (readonly [value: Value, text: string])[];
  value: Value;
  onChange: (value: Value) => void;
  isWide?: boolean;
}

/** A choice between a few ways, all in view. */
export function Segments<Value extends string>({ label, options, value, onChange, isWide }: SegmentsProps<Value>) {
  return (
    <div role="group" aria-label={label} className={`flex gap-1 rounded-lg bg-sunken p-1 ${isWide ? "" : "w-fit"}`}>
      {options.map(([option, text]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => onChange(option)}
          className={`min-h-8 rounded-md text-sm font-medium whitespace-nowrap text-quiet hover:text-ink aria-pressed:bg-raised aria-pressed:text-ink aria-pressed:shadow-lift ${isWide ? "flex-1 px-1 max-sm:text-[0.8125rem]" : "px-3"}`}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
