import { join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev --workspace @stoa/web` finds a market: the one `npm start` opens. */
const MARKET = process.env["STOA_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: join(import.meta.dirname, ".."),
  plugins: [react(), tailwindcss()],
  build: {
    target: "es2023",
    manifest: "manifest.json",
    // The policy lets in no data: URL but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: true,
    rolldownOptions: {
      output: {
        // A screen in few files: what all of them need, and what several of them share, each in one.
        codeSplitting: {
          groups: [
            {
              name: "frame",
              test: /node_modules\/(react|react-dom|scheduler|i18next|@tanstack\/(history|store|react-store|(react-)?(router|query)(-core)?))\//,
            },
            {
              name: "shared",
              test: /\/(apps\/web\/src|packages\/(sdk|protocol|core)\/src|node_modules\/lucide-react)\//,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: MARKET, ws: true } } },
});
