import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app.css";
import { marketQuery } from "./data/market.ts";
import { nodesQuery } from "./data/nodes.ts";
import { followMarket } from "./market/live.ts";
import { queryClient } from "./market/query-client.ts";
import { router } from "./router.tsx";
import { preferredLanguage, speak } from "./text/i18n.ts";

// Nearly every screen writes amounts and names nodes: both are asked for before the first of them is drawn.
void queryClient.prefetchQuery(marketQuery);
void queryClient.prefetchQuery(nodesQuery);
followMarket(queryClient);
await speak(preferredLanguage(), { keep: false });

createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
