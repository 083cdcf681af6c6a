import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { type TaskState, taskStates } from "@stoa/protocol";
import { Broken, Shell } from "./layout/shell.tsx";
import { Lines, Waiting } from "./parts/loaded.tsx";
import { NotFound } from "./routes/not-found.tsx";
import { Home } from "./routes/home/home.tsx";

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const under = { getParentRoute: () => rootRoute };

/** Text of an address, or nothing: strangers write addresses too. */
const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

const homeRoute = createRoute({ ...under, path: "/", component: Home });

const agentsRoute = createRoute({
  ...under,
  path: "/agents",
  validateSearch: (search): { q?: string; capability?: string; sort?: "new" | "name" | "royalty" | "hosts" } => ({
    ...(textOf(search["q"]) ? { q: textOf(search["q"])! } : {}),
    ...(textOf(search["capability"]) ? { capability: textOf(search["capability"])! } : {}),
    ...(search["sort"] === "name" || search["sort"] === "royalty" || search["sort"] === "hosts"
      ? { sort: search["sort"] }
      : {}),
  }),
  component: lazyRouteComponent(() => import("./routes/agents/agents.tsx"), "Agents"),
});
const agentRoute = createRoute({
  ...under,
  path: "/agents/$id",
  component: lazyRouteComponent(() => import("./routes/agents/agent-page.tsx"), "AgentPage"),
});
const tasksRoute = createRoute({
  ...under,
  path: "/tasks",
  validateSearch: (search): { state?: TaskState; capability?: string; mine?: boolean } => ({
    ...(taskStates.includes(search["state"] as TaskState) ? { state: search["state"] as TaskState } : {}),
    ...(textOf(search["capability"]) ? { capability: textOf(search["capability"])! } : {}),
    ...(search["mine"] === true ? { mine: true } : {}),
  }),
  component: lazyRouteComponent(() => import("./routes/tasks/tasks.tsx"), "Tasks"),
});
const newTaskRoute = createRoute({
  ...under,
  path: "/tasks/new",
  validateSearch: (search): { capability?: string } =>
    textOf(search["capability"]) ? { capability: textOf(search["capability"])! } : {},
  component: lazyRouteComponent(() => import("./routes/tasks/new-task.tsx"), "NewTask"),
});
const taskRoute = createRoute({
  ...under,
  path: "/tasks/$id",
  component: lazyRouteComponent(() => import("./routes/tasks/task-page.tsx"), "TaskPage"),
});
const auctionsRoute = createRoute({
  ...under,
  path: "/auctions",
  validateSearch: (search): { capability?: string } =>
    textOf(search["capability"]) ? { capability: textOf(search["capability"])! } : {},
  component: lazyRouteComponent(() => import("./routes/auctions/auctions.tsx"), "Auctions"),
});
const roundRoute = createRoute({
  ...under,
  path: "/auctions/$id",
  component: lazyRouteComponent(() => import("./routes/auctions/round-page.tsx"), "RoundPage"),
});
const nodesRoute = createRoute({
  ...under,
  path: "/nodes",
  component: lazyRouteComponent(() => import("./routes/nodes/nodes.tsx"), "Nodes"),
});
const nodeRoute = createRoute({
  ...under,
  path: "/nodes/$id",
  component: lazyRouteComponent(() => import("./routes/nodes/node-page.tsx"), "NodePage"),
});
const walletRoute = createRoute({
  ...under,
  path: "/wallet",
  component: lazyRouteComponent(() => import("./routes/wallet/wallet.tsx"), "Wallet"),
});
const statusRoute = createRoute({
  ...under,
  path: "/status",
  component: lazyRouteComponent(() => import("./routes/status/status.tsx"), "Status"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    agentsRoute,
    agentRoute,
    tasksRoute,
    newTaskRoute,
    taskRoute,
    auctionsRoute,
    roundRoute,
    nodesRoute,
    nodeRoute,
    walletRoute,
    statusRoute,
  ]),
  scrollRestoration: true,
  defaultPreload: "intent",
  defaultPendingMs: 200,
  defaultPendingComponent: () => (
    <Waiting>
      <Lines count={6} />
    </Waiting>
  ),
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
