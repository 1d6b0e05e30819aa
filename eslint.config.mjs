import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "node_modules",
      ".local",
      "examples/wepynaire",
      "examples/chat",
      "**/*.mjs",
      "policy/index.js",
      "plugin/index.js",
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // Rendering is pure text: settings in, a file out.
    files: ["components/render/**"],
    rules: {
      "no-restricted-imports": ["error", { patterns: ["@pulumi/*", "node:*", "fs", "child_process"] }],
    },
  },
  {
    // Mocha's `it` returns a promise it awaits itself.
    files: ["test/**"],
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
);
