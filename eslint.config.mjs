import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/** The root of the provider package costs seconds and 550 MB to load; each resource has a file of its own. */
const providerRoot = {
  name: "@cdktf/provider-aws",
  message: "Import the resource from its own file: @cdktf/provider-aws/lib/<resource>.",
};

/** Layers import one way: configuration -> stacks -> services -> core. */
const layer = (...forbidden) => ({
  "no-restricted-imports": [
    "error",
    {
      paths: [providerRoot],
      patterns: [{ group: forbidden, message: "Layers import one way: stacks -> services -> core." }],
    },
  ],
});

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "cdktf.out/",
      "hcl.out/",
      ".demo/",
      ".local/",
      ".gen/",
      "coverage/",
      "node_modules/",
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "no-restricted-imports": ["error", { paths: [providerRoot] }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // constructs attach themselves to their scope: making one is the effect
      "no-new": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/explicit-module-boundary-types": "error",
    },
  },
  {
    files: ["modules/core/**"],
    rules: layer("**/services", "**/services/**", "**/stacks/**", "**/testing/**", "**/local/**", "node:*"),
  },
  { files: ["modules/services/**"], rules: layer("**/stacks/**", "**/testing/**", "**/local/**", "node:*") },
  { files: ["stacks/**"], rules: layer("**/testing/**", "**/local/**", "node:*") },
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
);
