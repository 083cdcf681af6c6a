import { describeRunner } from "./compliance.ts";

describeRunner("js");
