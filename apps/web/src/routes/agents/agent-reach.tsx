import type { Manifest } from "@stoa/protocol";
import { BrainCircuit, Database, Globe, Network, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { writeDuration } from "../../parts/duration.ts";
import { Facts } from "../../parts/facts.tsx";
import { Panel } from "../../parts/page.tsx";
import { useText } from "../../text/use-text.ts";

/** What an agent may touch, and how much of its node it may use. */
export function AgentReach({ manifest: { grants, limits } }: { manifest: Manifest }) {
  const { t, language } = useText();
  const { llm, http, keyValue, subtasks } = grants;
  const isShut = !llm && !http && !keyValue && !subtasks;
  const mb = new Intl.NumberFormat(language, { style: "unit", unit: "megabyte" });
  return (
    <Panel title={t("reach.title")}>
      <ul className="grid gap-3">
        {isShut && <Reach icon={<ShieldCheck />}>{t("reach.nothing")}</Reach>}
        {llm && (
          <Reach icon={<BrainCircuit />}>
            {t("reach.llm", { models: llm.models.join(", "), tokens: llm.tokens.toLocaleString(language) })}
          </Reach>
        )}
        {http && <Reach icon={<Globe />}>{t("reach.http", { hosts: http.join(", ") })}</Reach>}
        {keyValue && <Reach icon={<Database />}>{t("reach.key_value")}</Reach>}
        {subtasks && <Reach icon={<Network />}>{t("reach.subtasks", { capabilities: subtasks.join(", ") })}</Reach>}
      </ul>
      <Facts
        facts={[
          [t("reach.memory"), mb.format(limits.memoryMb)],
          [t("reach.time"), writeDuration(limits.timeMs / 1_000, language)],
          [t("reach.output"), mb.format(Math.ceil(limits.outputBytes / 10_000) / 100)],
        ]}
      />
    </Panel>
  );
}

function Reach({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-start gap-3 [&>svg]:mt-0.5 [&>svg]:size-5 [&>svg]:shrink-0 [&>svg]:text-sea">
      {icon}
      <span>{children}</span>
    </li>
  );
}
