import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { agentQuery, agentsQuery } from "../../data/agents.ts";
import { OrderForm } from "../../order/order-form.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../text/use-text.ts";

const route = getRouteApi("/tasks/new");

/** Orders by capability: whichever agent that offers it wins the auction does the task. */
export function NewTask() {
  const { t } = useText();
  const { capability } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(agentsQuery);
  return (
    <Page title={t("tasks.new")} over={<Link to="/tasks">{t("nav.tasks")}</Link>} lead={t("new_task.lead")}>
      <Loaded query={query} skeleton={<Lines count={5} className="h-12" />}>
        {(agents) => {
          const capabilities = [...new Set(agents.flatMap((agent) => agent.capabilities))].sort();
          const chosen = capabilities.includes(capability ?? "") ? capability! : capabilities[0];
          const example = agents.find((agent) => agent.capabilities.includes(chosen ?? ""));
          if (!chosen || !example)
            return (
              <div className="card">
                <Empty title={t("agents.empty")} />
              </div>
            );
          return (
            <div className="grid gap-6">
              <label className="grid max-w-md gap-1.5 font-medium">
                {t("new_task.capability")}
                <select
                  value={chosen}
                  onChange={({ target }) =>
                    void navigate({ search: { capability: target.value }, replace: true, resetScroll: false })
                  }
                  className="field font-normal"
                >
                  {capabilities.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
              <Order key={chosen} capability={chosen} exampleId={example.versionId} />
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** The newest agent's schema says what an input of the capability looks like. */
function Order({ capability, exampleId }: { capability: string; exampleId: string }) {
  const query = useQuery(agentQuery(exampleId));
  return (
    <Loaded query={query} skeleton={<Lines count={5} className="h-12" />}>
      {({ manifest }) => <OrderForm capability={capability} schema={manifest.input} />}
    </Loaded>
  );
}
