import { describeRunner } from "./compliance.ts";

describeRunner("wasm");
