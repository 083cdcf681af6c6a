import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type AgentSchema, canonicalJson, type Hash, type Json, parseAmount, StoaError } from "@stoa/protocol";
import { Send } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useMarket } from "../data/market.ts";
import { wantSignIn } from "../layout/want-sign-in.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/failure.tsx";
import { Segments } from "../parts/segments.tsx";
import { useDraft } from "../parts/use-draft.ts";
import { useText } from "../text/use-text.ts";
import { useSession } from "../wallet/use-session.ts";
import { InputFields } from "./input-fields.tsx";
import { LiveQuote } from "./live-quote.tsx";
import { inputOf, schemaFields } from "./schema-fields.ts";

interface OrderFormProps {
  capability: string;
  /** Only this version may do it; any that offers the capability otherwise. */
  agentVersion?: Hash;
  /** Of the input. */
  schema: AgentSchema;
}

interface Draft {
  mode: "form" | "json";
  texts: Record<string, string>;
  json: string;
  maxPrice: string;
  deliverInSeconds: string;
}

const NEW_DRAFT: Draft = { mode: "form", texts: {}, json: "{\n  \n}", maxPrice: "0.05", deliverInSeconds: "120" };

/** Writes an order: the input by its schema, the most it may cost, how long it may take, with a live quote beside it. */
export function OrderForm({ capability, agentVersion, schema }: OrderFormProps) {
  const { t } = useText();
  const navigate = useNavigate();
  const market = useMarket();
  const account = useSession();
  const ids = useId();
  const [draft, setDraft] = useDraft(`order.${agentVersion ?? capability}`, NEW_DRAFT);
  const [error, setError] = useState<unknown>(null);
  const fields = schemaFields(schema);
  const mode = fields ? draft.mode : "json";
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  const read = readOr(() => {
    const input = mode === "form" && fields ? inputOf(fields, draft.texts) : (JSON.parse(draft.json) as Json);
    // What JSON can say and its canonical form cannot, such as 1e999, is found out here.
    return { input, bytes: new TextEncoder().encode(canonicalJson(input)).length };
  });
  const maxPrice = readOr(() => parseAmount(draft.maxPrice.replace(",", "."), market?.token.decimals ?? 6));
  const deliverInSeconds = Number(draft.deliverInSeconds);

  const ordering = useMutation({
    mutationFn: async () => {
      const { orderTask } = await import("../wallet/order-task.ts");
      if (!("value" in read)) throw read.error;
      if (!("value" in maxPrice)) throw maxPrice.error;
      await requireFit(schema, read.value.input);
      return orderTask({
        capability,
        ...(agentVersion ? { agentVersion } : {}),
        input: read.value.input,
        maxPrice: maxPrice.value,
        deliverInSeconds,
      });
    },
    onMutate: () => setError(null),
    onError: setError,
    onSuccess: (id) => navigate({ to: "/tasks/$id", params: { id } }),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (account) ordering.mutate();
    else wantSignIn();
  }
  return (
    <form onSubmit={submit} className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="grid gap-5">
        {fields && (
          <Segments
            label={t("order.input_as")}
            options={(["form", "json"] as const).map((name) => [name, t(`order.mode.${name}`)] as const)}
            value={mode}
            onChange={(name) => change({ mode: name, ...asJson(name, read) })}
          />
        )}
        {mode === "form" && fields ? (
          <InputFields
            fields={fields}
            texts={draft.texts}
            onChange={(name, text) => setDraft((before) => ({ ...before, texts: { ...before.texts, [name]: text } }))}
          />
        ) : (
          <div className="grid gap-1.5">
            <label htmlFor={`${ids}-json`} className="font-medium">
              {t("order.json")}
            </label>
            <textarea
              id={`${ids}-json`}
              rows={14}
              spellCheck={false}
              value={draft.json}
              aria-invalid={!("value" in read)}
              onChange={({ target }) => change({ json: target.value })}
              className="field resize-y font-mono text-sm"
            />
            {!("value" in read) && <p className="text-sm text-brick">{t("order.not_json")}</p>}
          </div>
        )}
      </div>
      <div className="card grid gap-4 p-4 lg:sticky lg:top-20">
        <div className="grid gap-1.5">
          <label htmlFor={`${ids}-price`} className="font-medium">
            {t("order.max_price", { unit: market?.token.symbol ?? "" })}
          </label>
          <input
            id={`${ids}-price`}
            inputMode="decimal"
            required
            value={draft.maxPrice}
            aria-invalid={!("value" in maxPrice)}
            onChange={({ target }) => change({ maxPrice: target.value })}
            className="field tabular"
          />
        </div>
        <div className="grid gap-1.5">
          <label htmlFor={`${ids}-deadline`} className="font-medium">
            {t("order.deadline")}
          </label>
          <input
            id={`${ids}-deadline`}
            type="number"
            min={1}
            step={1}
            required
            value={draft.deliverInSeconds}
            onChange={({ target }) => change({ deliverInSeconds: target.value })}
            className="field tabular"
          />
        </div>
        <LiveQuote
          asked={{
            capability,
            ...(agentVersion ? { agentVersion } : {}),
            inputBytes: "value" in read ? read.value.bytes : 0,
            maxPrice: "value" in maxPrice ? maxPrice.value : 0n,
            deliverInSeconds,
          }}
          onRaise={(units) => change({ maxPrice: units })}
        />
        <Button type="submit" look="primary" isBusy={ordering.isPending} icon={<Send className="size-4" aria-hidden />}>
          {account ? t("order.send") : t("sign_in.action")}
        </Button>
        <p className="text-sm text-quiet">{t("order.verification")}</p>
        {error !== null && <Failure error={error} />}
      </div>
    </form>
  );
}

type Read<Value> = { value: Value } | { error: unknown };

function readOr<Value>(read: () => Value): Read<Value> {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

/** What the form says goes into the JSON when that is chosen. */
function asJson(mode: Draft["mode"], read: Read<{ input: Json }>): Partial<Draft> {
  return mode === "json" && "value" in read ? { json: JSON.stringify(read.value.input, null, 2) } : {};
}

/** @throws {StoaError} `input_mismatch` */
async function requireFit(schema: AgentSchema, input: Json): Promise<void> {
  const { matchSchema } = await import("@stoa/core");
  const problems = matchSchema(schema, input);
  if (problems.length > 0) throw new StoaError("input_mismatch", problems.join("; "));
}
