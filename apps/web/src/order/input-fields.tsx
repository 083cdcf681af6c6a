import { FileUp } from "lucide-react";
import { useId } from "react";
import { useText } from "../text/use-text.ts";
import type { SchemaField } from "./schema-fields.ts";

interface InputFieldsProps {
  fields: readonly SchemaField[];
  texts: Readonly<Record<string, string>>;
  onChange: (name: string, text: string) => void;
}

/** A field for each property of an agent's input. */
export function InputFields({ fields, texts, onChange }: InputFieldsProps) {
  return (
    <>
      {fields.map((field) => (
        <InputField
          key={field.name}
          field={field}
          value={texts[field.name] ?? field.initial}
          onChange={(text) => onChange(field.name, text)}
        />
      ))}
    </>
  );
}

interface InputFieldProps {
  field: SchemaField;
  value: string;
  onChange: (text: string) => void;
}

function InputField({ field, value, onChange }: InputFieldProps) {
  const { t } = useText();
  const id = useId();
  const { name, kind, isRequired, description, choices, least, most } = field;
  const common = { id, required: isRequired, "aria-describedby": description ? `${id}-about` : undefined };
  return (
    <div className="grid gap-1.5">
      <div className="flex items-end justify-between gap-3">
        <label htmlFor={id} className="font-medium">
          {name}
          {!isRequired && <span className="ms-2 text-sm font-normal text-quiet">{t("order.optional")}</span>}
        </label>
        {kind === "text" && <FromFile onText={onChange} name={name} />}
      </div>
      {description && (
        <p id={`${id}-about`} className="text-sm text-quiet">
          {description}
        </p>
      )}
      {kind === "choice" || kind === "boolean" ? (
        <select {...common} value={value} onChange={({ target }) => onChange(target.value)} className="field">
          <option value="">{t("order.not_given")}</option>
          {(kind === "boolean" ? ["true", "false"] : choices).map((choice) => (
            <option key={choice} value={choice}>
              {choice === "\t" ? t("order.tab") : choice}
            </option>
          ))}
        </select>
      ) : kind === "number" || kind === "integer" ? (
        <input
          {...common}
          type="number"
          min={least}
          max={most}
          step={kind === "integer" ? 1 : "any"}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          className="field"
        />
      ) : (
        <textarea
          {...common}
          rows={isRequired ? 8 : 2}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          className={`field resize-y ${kind === "json" ? "font-mono text-sm" : ""}`}
        />
      )}
    </div>
  );
}

function FromFile({ onText, name }: { onText: (text: string) => void; name: string }) {
  const { t } = useText();
  return (
    <label className="inline-flex cursor-pointer items-center gap-1.5 rounded-md px-2 py-1 text-sm text-sea hover:bg-sunken has-focus-visible:outline-2">
      <FileUp className="size-4" aria-hidden />
      {t("order.from_file")}
      <input
        type="file"
        aria-label={t("order.from_file_for", { name })}
        className="sr-only"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void file.text().then(onText);
          target.value = "";
        }}
      />
    </label>
  );
}
