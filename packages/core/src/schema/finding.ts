/** What does not fit, and where. */
export interface Finding {
  instancePath: string;
  keyword: string;
  message?: string | undefined;
  params: object;
}

/** Says what in a value does not fit one schema; nothing when it fits. */
export type Validator = (value: unknown) => readonly Finding[];
