/** For the pages in docs/: the code of a stack, and of a test. */
export * from "./README";
