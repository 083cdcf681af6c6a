import type { Json } from "@stoa/protocol";
import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Segments } from "../parts/segments.tsx";
import { useText } from "../text/use-text.ts";

/** Rows of a table that are shown. */
const MOST_ROWS = 200;
const IMAGE = /^data:image\/(png|jpeg|gif|webp);base64,/;

type Row = Record<string, Json>;

/** A result as people read it: text as text, pictures as pictures, lists of like things as tables; or as it is, JSON. */
export function ResultView({ output, name }: { output: Json; name: string }) {
  const { t } = useText();
  const [shown, setShown] = useState<"readable" | "json">("readable");
  function download() {
    const url = URL.createObjectURL(new Blob([JSON.stringify(output, null, 2)], { type: "application/json" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: `${name}.json` });
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap gap-2">
        <Segments
          label={t("result.as")}
          options={(["readable", "json"] as const).map((name) => [name, t(`result.${name}`)] as const)}
          value={shown}
          onChange={setShown}
        />
        <Button look="quiet" className="ms-auto" icon={<Download className="size-4" aria-hidden />} onClick={download}>
          {t("result.download")}
        </Button>
      </div>
      {shown === "json" ? (
        <pre
          tabIndex={0}
          aria-label={t("result.json")}
          className="max-h-[32rem] overflow-auto rounded-lg bg-sunken p-4 font-mono text-xs leading-relaxed"
        >
          {JSON.stringify(output, null, 2)}
        </pre>
      ) : (
        <Readable value={output} name={name} />
      )}
    </div>
  );
}

function Readable({ value, name }: { value: Json; name: string }) {
  if (typeof value === "string") {
    if (IMAGE.test(value)) return <img src={value} alt={name} className="max-w-full rounded-lg border" />;
    return <p className="max-w-prose text-lg leading-relaxed whitespace-pre-wrap">{value}</p>;
  }
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isRow)) return <Table rows={value as Row[]} name={name} />;
    return <p className="font-mono text-sm">{JSON.stringify(value)}</p>;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    const small = entries.filter(([, item]) => isSmall(item));
    return (
      <div className="grid gap-5">
        {entries
          .filter(([, item]) => !isSmall(item) && typeof item === "string")
          .map(([key, item]) => (
            <Readable key={key} value={item} name={key} />
          ))}
        {small.length > 0 && (
          <dl className="flex flex-wrap gap-x-8 gap-y-3">
            {small.map(([key, item]) => (
              <div key={key}>
                <dt className="text-sm text-quiet">{key}</dt>
                <dd className="font-medium tabular">{write(item)}</dd>
              </div>
            ))}
          </dl>
        )}
        {entries
          .filter(([, item]) => !isSmall(item) && typeof item !== "string")
          .map(([key, item]) => (
            <div key={key} className="grid gap-2">
              <h3 className="text-sm text-quiet">{key}</h3>
              <Readable value={item} name={key} />
            </div>
          ))}
      </div>
    );
  }
  return <p className="text-lg font-medium tabular">{write(value)}</p>;
}

function Table({ rows, name }: { rows: readonly Row[]; name: string }) {
  const { t } = useText();
  const heads = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <div tabIndex={0} role="region" aria-label={name} className="max-h-96 overflow-auto rounded-lg border">
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sunken">
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className="px-3 py-2 text-start font-medium whitespace-nowrap">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.slice(0, MOST_ROWS).map((row, at) => (
            <tr key={at}>
              {heads.map((head) => (
                <td key={head} className="max-w-[40ch] min-w-16 px-3 py-2 align-top tabular">
                  {row[head] === undefined ? "" : write(row[head])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className="p-3 text-sm text-quiet">{t("result.more_rows", { count: rows.length - MOST_ROWS })}</p>
      )}
    </div>
  );
}

function isRow(value: Json): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Fits beside others. */
function isSmall(value: Json): boolean {
  return typeof value === "string" ? value.length <= 40 : typeof value !== "object" || value === null;
}

function write(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
