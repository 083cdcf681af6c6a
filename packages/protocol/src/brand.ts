declare const brand: unique symbol;

/** A nominal type: the same run-time value as `T`, told apart at compile time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
