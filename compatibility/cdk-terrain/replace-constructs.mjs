// Has every `require("constructs")`, also those of cdktf and of the provider's bindings, find the package in CONSTRUCTS.
import Module from "node:module";
import process from "node:process";

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return resolve.call(this, request === "constructs" ? process.env.CONSTRUCTS : request, ...rest);
};
