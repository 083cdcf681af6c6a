export { freePort, startPostgres } from "./start-postgres.ts";
export type { PostgresServer } from "./start-postgres.ts";
