/** Anything JSON can say. Written out here, so that what an agent imports asks for no types of Node or a browser. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
