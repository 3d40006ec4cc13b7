/** For the pages in docs/: the code of a stack, and of a test. */
export * from "./README";

/** A database that is not made with this library. */
export declare const database: { readonly address: string; readonly port: number };
