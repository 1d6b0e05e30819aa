import { renameSync } from "node:fs";
import { join } from "node:path";

import { inNewFolder } from "./archives";
import { aptInstall, rootCommand } from "./containerEngine";
import type { Place } from "./place";
import { findAll, output } from "./process";
import { firstThatWorks } from "./ways";

/** Pinned, with checksums. */
const requirements = join(__dirname, "shell-linters.txt");

/**
 * Gets a program that checks shell scripts; the tests need it.
 *
 * @returns its path.
 */
export function provideShellLinter(program: "shellcheck" | "shfmt", place: Place): Promise<string> {
  const { bin, searchPath, say } = place;
  const find = (): Promise<string | undefined> => Promise.resolve(findAll(program, searchPath)[0]);
  return firstThatWorks<string>(
    program,
    [
      { name: "installed already", attempt: find },
      {
        name: "its package from PyPI",
        attempt: () =>
          inNewFolder(bin, async (fresh) => {
            const wheelsOnly = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"];
            await output("python3", [
              "-m",
              "pip",
              "install",
              ...wheelsOnly,
              "--target",
              fresh,
              "-r",
              requirements,
            ]);
            renameSync(join(fresh, "bin", program), join(bin, program));
            return join(bin, program);
          }),
      },
      {
        name: "Debian's package",
        attempt: async () => {
          const root = await rootCommand();
          if (root === undefined) throw new Error("it takes root, or sudo without a password");
          await aptInstall(root, [program], say, `${program} is missing`);
          return find();
        },
      },
    ],
    { say, remedy: `Install it: sudo apt-get install ${program}, or brew install ${program}` },
  );
}
