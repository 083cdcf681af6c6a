import { openDatabase } from "@stoa/store";

/** Every kind of database the tests run on. */
export const databases = [
  {
    name: "PGlite",
    open: async () => {
      const database = await openDatabase({});
      return { database, close: () => database.close() };
    },
  },
];
