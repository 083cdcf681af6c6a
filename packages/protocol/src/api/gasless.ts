import Type, { type Static } from "typebox";

/** `POST /api/v1/gasless`: a call of ERC-4337's or ERC-7677's JSON-RPC. */
export const GaslessCallSchema = Type.Object(
  {
    method: Type.Union(
      [
        Type.Literal("eth_chainId"),
        Type.Literal("eth_supportedEntryPoints"),
        Type.Literal("eth_estimateUserOperationGas"),
        Type.Literal("eth_sendUserOperation"),
        Type.Literal("eth_getUserOperationReceipt"),
        Type.Literal("pm_getPaymasterStubData"),
        Type.Literal("pm_getPaymasterData"),
      ],
      { description: "as ERC-4337 and ERC-7677 define it" },
    ),
    params: Type.Array(Type.Unknown(), { maxItems: 4 }),
  },
  { title: "GaslessCall" },
);
export type GaslessCall = Static<typeof GaslessCallSchema>;

export const GaslessAnswerSchema = Type.Object(
  { result: Type.Unknown({ description: "as the method's standard defines it" }) },
  { title: "GaslessAnswer" },
);
export type GaslessAnswer = Static<typeof GaslessAnswerSchema>;
