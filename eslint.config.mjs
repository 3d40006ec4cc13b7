import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/** The root of the provider package costs seconds and 550 MB to load; each resource has a file of its own. */
const providerRoot = {
  name: "@cdktf/provider-aws",
  message: "Import the resource from its own file: @cdktf/provider-aws/lib/<resource>.",
};

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "cdktf.out/",
      "hcl.out/",
      ".demo/",
      ".local/",
      ".gen/",
      ".tools/",
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
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
);
