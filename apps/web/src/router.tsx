import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Broken, Shell } from "./layout/shell.tsx";
import { Lines, Waiting } from "./parts/loaded.tsx";
import { NotFound } from "./routes/not-found.tsx";
import { Home } from "./routes/home/home.tsx";
import { readAgentSearch, readCapabilitySearch, readTaskSearch } from "./routes/search.ts";

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const under = { getParentRoute: () => rootRoute };

const homeRoute = createRoute({ ...under, path: "/", component: Home });

const agentsRoute = createRoute({
  ...under,
  path: "/agents",
  validateSearch: readAgentSearch,
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
  validateSearch: readTaskSearch,
  component: lazyRouteComponent(() => import("./routes/tasks/tasks.tsx"), "Tasks"),
});
const newTaskRoute = createRoute({
  ...under,
  path: "/tasks/new",
  validateSearch: readCapabilitySearch,
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
  validateSearch: readCapabilitySearch,
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
