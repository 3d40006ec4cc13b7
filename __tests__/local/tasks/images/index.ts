/** Where the programs are that stand for container images. */
export const IMAGES = __dirname;
