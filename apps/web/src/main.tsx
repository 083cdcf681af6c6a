import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app.css";
import { followMarket } from "./market/live.ts";
import { queryClient } from "./market/query-client.ts";
import { router } from "./router.tsx";
import { preferredLanguage, speak } from "./text/i18n.ts";

await speak(preferredLanguage(), { keep: false });
followMarket(queryClient);

createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
